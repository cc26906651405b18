// Package app wires the modules into one program: it is the only importer of all of them beside cmd. The home page, the
// command line's acts, the demonstration and the import of a whole city live here; nothing that a module could know does.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"xinhuo/internal/account"
	"xinhuo/internal/activity"
	"xinhuo/internal/aid"
	"xinhuo/internal/assess"
	"xinhuo/internal/association"
	"xinhuo/internal/audit"
	"xinhuo/internal/base"
	"xinhuo/internal/booking"
	"xinhuo/internal/campaign"
	"xinhuo/internal/care"
	"xinhuo/internal/casework"
	"xinhuo/internal/channel"
	"xinhuo/internal/contact"
	"xinhuo/internal/coord"
	"xinhuo/internal/feedback"
	"xinhuo/internal/flow"
	"xinhuo/internal/guarantee"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/office"
	"xinhuo/internal/kit/pdf"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/search"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/library"
	"xinhuo/internal/mandatory"
	"xinhuo/internal/meeting"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/plan"
	"xinhuo/internal/portal"
	"xinhuo/internal/project"
	"xinhuo/internal/record"
	"xinhuo/internal/report"
	"xinhuo/internal/seal"
	"xinhuo/internal/signal"
	"xinhuo/internal/survey"
	"xinhuo/internal/training"
	"xinhuo/internal/volunteer"
)

// App is the program over one open database.
type App struct {
	DB          *db.DB
	blobs       blob.Store
	pdfs        *pdf.Reader
	offices     *office.Converter // nil where there is no LibreOffice
	Texts       *i18n.Texts
	Clock       clock.Clock
	Audit       *audit.Service
	Account     *account.Service
	Org         *org.Service
	Ledger      *ledger.Service
	Flow        *flow.Service
	Record      *record.Service
	Base        *base.Service
	Booking     *booking.Service
	People      *people.Service
	Project     *project.Service
	Assess      *assess.Service
	Report      *report.Service
	Campaign    *campaign.Service
	Coord       *coord.Service
	Meeting     *meeting.Service
	Contact     *contact.Service
	Plan        *plan.Service
	Survey      *survey.Service
	Guarantee   *guarantee.Service
	Library     *library.Service
	Volunteer   *volunteer.Service
	Activity    *activity.Service
	Association *association.Service
	Feedback    *feedback.Service
	Training    *training.Service
	Seal        *seal.Service
	Signal      *signal.Service
	Care        *care.Service
	Mandatory   *mandatory.Service
	Casework    *casework.Service
	Aid         *aid.Service
	Portal      *portal.Service
	Channel     *channel.Service
	dressers    []web.Dresser
	Demo        bool // demonstration data: every page says so

	site  atomic.Pointer[Imprint] // as this server last read it
	setup setupState
}

// Config says where things are.
type Config struct {
	DSN        string      // a file or postgres://…
	Files      string      // folder of uploads or s3://…, as blob.Open takes it; beside the database file when empty
	Clock      clock.Clock // nil = the system's
	Demo       bool
	Office     bool     // office documents become PDFs, where LibreOffice is installed
	GuestPages int      // pages of a document that visitors see; library.GuestPages when 0
	PDF        []string // command line of the child that reads PDFs, as pdf.Self gives it; without one they are kept unread
	Local      bool     // messages may go to webhooks and mail servers of the local network
	Proxy      bool     // a reverse proxy on this machine speaks https for us: believe what it says of protocol and address
	Address    string   // how browsers reach the program from outside, as https://xinhuo.example.org; each request's own when empty
	// Guests stand on the sign-in page of a demonstration.
	Guests []account.Guest
}

// cache is the folder of what is made anew when it is gone.
func (c Config) cache(name string) string {
	return filepath.Join(here(c.DSN, c.Files)+"-cache", name)
}

// Migrations are all modules' tables.
func Migrations() []db.Source {
	return []db.Source{
		{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations},
		{Module: "flow", Files: flow.Migrations}, {Module: "base", Files: base.Migrations}, {Module: "people", Files: people.Migrations},
		{Module: "project", Files: project.Migrations}, {Module: "assess", Files: assess.Migrations}, {Module: "report", Files: report.Migrations},
		{Module: "booking", Files: booking.Migrations},
		{Module: "volunteer", Files: volunteer.Migrations},
		{Module: "campaign", Files: campaign.Migrations},
		{Module: "activity", Files: activity.Migrations},
		{Module: "association", Files: association.Migrations},
		{Module: "feedback", Files: feedback.Migrations},
		{Module: "training", Files: training.Migrations},
		{Module: "seal", Files: seal.Migrations},
		{Module: "signal", Files: signal.Migrations},
		{Module: "care", Files: care.Migrations},
		{Module: "mandatory", Files: mandatory.Migrations},
		{Module: "casework", Files: casework.Migrations},
		{Module: "aid", Files: aid.Migrations},
		{Module: "portal", Files: portal.Migrations},
		{Module: "coord", Files: coord.Migrations},
		{Module: "meeting", Files: meeting.Migrations},
		{Module: "contact", Files: contact.Migrations},
		{Module: "plan", Files: plan.Migrations},
		{Module: "survey", Files: survey.Migrations},
		{Module: "guarantee", Files: guarantee.Migrations},
		{Module: "channel", Files: channel.Migrations},
		{Module: "library", Files: library.Migrations},
		{Module: "app", Files: Files},
	}
}

// Texts loads the texts of all modules in both languages.
func Texts() (*i18n.Texts, error) {
	return i18n.Load([]fs.FS{ui.Texts, web.Texts, db.Texts, table.Texts, file.Texts, extract.Texts, pdf.Texts, office.Texts, blob.Texts, search.Texts, audit.Texts, account.Texts, org.Texts, ledger.Texts,
		record.Texts, flow.Texts, base.Texts, people.Texts, project.Texts, assess.Texts, report.Texts, booking.Texts, campaign.Texts, volunteer.Texts, activity.Texts, association.Texts, feedback.Texts, training.Texts, seal.Texts, signal.Texts, care.Texts, portal.Texts, aid.Texts, casework.Texts, mandatory.Texts, coord.Texts, meeting.Texts, contact.Texts, plan.Texts, survey.Texts, guarantee.Texts, channel.Texts, library.Texts, Files}...)
}

// Open opens the database, brings its schema up to date and wires the modules.
func Open(ctx context.Context, c Config) (*App, error) {
	texts, err := Texts()
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, c.DSN)
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx, Migrations()); err != nil {
		d.Close()
		return nil, err
	}
	blobs, err := blob.Open(ctx, FilesFolder(c.DSN, c.Files))
	if err != nil {
		d.Close()
		return nil, err
	}
	a := &App{DB: d, Texts: texts, Clock: c.Clock, Demo: c.Demo, blobs: blobs}
	// two at once, so that a picture need not wait for a long text
	a.pdfs = pdf.New(pdf.Options{Command: c.PDF, Cache: c.cache("pdf"), Workers: 2})
	a.Audit = audit.New(d)
	a.Org = org.New(d, a.Audit)
	a.Seal = seal.New(d, a.Audit, a.Org, &seal.Keys{Path: SealKey(c.DSN, c.Files), Master: seal.MasterOf(os.Getenv)})
	tree := org.Tree{Service: a.Org}
	a.Account = account.New(d, a.Audit, tree, a.Org, tree, account.Config{Guests: c.Guests, TrustProxy: c.Proxy, Address: c.Address})
	a.Account.SetSecrets(a.Seal)
	a.Seal.SetStrong(func(ctx context.Context) error { return a.Account.Strong(ctx, account.StrongFor) })
	a.Flow = flow.New(d, a.Audit, tree)
	a.Seal.SetInbox(a.Flow)
	a.Seal.SetRunner(a.maySite)
	a.Flow.SetPeople(flowPeople{a})
	a.Flow.SetPlaces(a.flowPlace)
	a.Flow.Staffed(a.Account.Staffed)
	a.Ledger = ledger.New(d, a.Org)
	a.Record = record.New(d, a.Audit, a.Ledger, a.Org)
	a.Booking = booking.New(d)
	a.Base = base.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Audit, blobs)
	a.Volunteer = volunteer.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Booking, volunteerAccounts{a.Account}, a.Audit, blobs)
	a.People = people.New(d, a.Record, a.Ledger, a.Org, a.Volunteer, a.Audit)
	a.Association = association.New(d, a.Record, a.Ledger, a.Org, a.People, a.Audit)
	a.People.SetAssociations(a.Association)
	a.Training = training.New(d, a.Record, a.Ledger, a.Org, a.Volunteer, a.People, a.Audit)
	a.Volunteer.SetCourses(a.Training)
	a.Project = project.New(d, a.Record, a.Ledger, a.Org, a.Audit)
	a.Assess = assess.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Audit)
	a.Report = report.New(d, a.Record, a.Ledger, a.Org, a.Audit)
	a.Campaign = campaign.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Audit)
	a.Coord = coord.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Audit, blobs)
	a.Meeting = meeting.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Audit, blobs)
	a.Contact = contact.New(d, a.Record, a.Ledger, a.Org, a.Flow)
	a.Meeting.SetPartners(meetingPartners{a.Contact})
	a.Contact.SetAccounts(contactAccounts{a.Account})
	a.Contact.Share(a.sharedMeetings)
	a.Contact.Share(a.sharedRequests)
	a.Activity = activity.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Audit, blobs, a.Base, a.Booking)
	a.Activity.SetVolunteers(activityVolunteers{a.Volunteer, a.Org})
	a.Seal.SetAccounts(sealAccounts{a.Account})
	a.Seal.SetBodies(a.Contact.BodyOf)
	a.Activity.SetSeal(a.Seal)
	a.Activity.SetCampaigns(activityCampaigns{a.Campaign})
	a.Feedback = feedback.New(d, a.Record, a.Ledger, a.Org, a.Activity, a.Account.Address)
	a.Signal = signal.New(d, a.Record, a.Org, a.Ledger)
	a.Care = care.New(d, a.Record, a.Org, a.Flow, a.Seal, a.Audit, a.Account, sealAccounts{a.Account}, a.Account.Address)
	a.Mandatory = mandatory.New(d, a.Record, a.Org, a.Flow, a.Seal, a.Audit)
	a.Care.SetBlobs(blobs)
	a.Casework = casework.New(d, a.Record, a.Org, a.Flow, a.Seal, a.Audit, sealAccounts{a.Account}, caseVolunteers{a.Volunteer})
	a.Casework.SetRequests(caseRequests{a.Care})
	a.Care.AddPanel(a.caseOfRequest())
	a.Care.AddPlace(care.Place{TextKey: "casework.title", Path: "/casework"})
	a.Aid = aid.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Seal, a.Audit)
	a.Aid.SetRequests(aidRequests{a.Care})
	a.Aid.SetBlobs(blobs)
	a.Care.AddPanel(a.aidOfRequest())
	a.Care.AddPlace(care.Place{TextKey: "app.nav.aid", Path: "/aid"})
	a.reportFrom()
	a.Portal = portal.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Seal, a.Audit, portalProgram{a, c.Address}, blobs, a.Account.Address)
	a.Account.SetSites(a.openSites)
	a.Plan = plan.New(d, a.Record, a.Ledger, a.Org)
	a.Plan.SetWorks(a.worksFor)
	a.Guarantee = guarantee.New(d, a.Record, a.Ledger, a.Org, blobs)
	a.Guarantee.SetPapers(a.papersFor)
	a.Coord.AddPanel(coord.Panel{Key: "guarantee", Render: a.Guarantee.PaperPanel})
	a.Channel = channel.New(d, a.Org, a.Flow, a.Audit, a.Account, a.Seal, c.Local)
	a.Flow.Lend(a.People.Waiting)
	a.Flow.Lend(a.Signal.Waiting)
	a.Flow.Lend(a.Plan.Waiting)
	a.Survey = survey.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Audit, surveyRegister{a.Base}, a.surveyNeeds, a.Account.Address, blobs)
	a.Base.AddPanel(a.surveyOfBase())
	a.Base.SetRounds(a.Survey.BaseRounds)
	a.Flow.Lend(a.Guarantee.Waiting)
	a.Library = library.New(d, a.Record, a.Ledger, a.Org, a.Flow, a.Audit, blobs)
	a.Library.SetPDF(libraryPDF{a.pdfs})
	if _, found := office.Find(); found && c.Office {
		a.offices = office.New(office.Options{Folder: c.cache("office")})
		a.Library.SetOffice(libraryOffice{a.offices})
	}
	if c.GuestPages > 0 {
		a.Library.SetGuestPages(c.GuestPages)
	}
	a.Library.SetAddress(a.Account.Address)
	a.Library.SetSite(a.whoseSite)
	a.Report.SetLibrary(a.Library)
	a.Library.SetProjects(libraryProjects{a.Project, a.Record})
	a.Project.AddPanel(a.lessonsOfProject())
	a.Activity.SetMaterials(a.material)
	a.Coord.SetCiting(a.cited)
	a.Flow.LendSent(a.sentDown)
	a.Flow.LendSent(a.sentAcross)
	a.Org.OnPostEnded(a.askHandover)
	a.Org.OnChanged(a.Ledger.UnitChanged)
	a.Org.OnMoved(a.Base.UnitChanged)
	a.Org.OnMoved(a.Assess.UnitChanged)
	a.Org.OnMoved(a.Report.UnitChanged)
	a.Org.OnMoved(a.Campaign.UnitChanged)
	a.Org.OnMoved(a.Coord.UnitChanged)
	a.Org.OnMoved(a.Contact.UnitChanged)
	a.Org.OnMoved(a.Plan.UnitChanged)
	a.Org.OnMoved(a.Survey.UnitChanged)
	a.Org.OnMoved(a.Guarantee.UnitChanged)
	a.Org.OnMoved(a.Activity.UnitChanged)
	a.Org.OnMoved(a.Channel.UnitChanged)
	a.Org.OnMoved(a.Library.UnitChanged)
	a.Org.OnMoved(a.unitMoved)
	if err := errors.Join(a.Ledger.Load(a.System(ctx, "start")), a.Library.Start(a.System(ctx, "start")), a.readSite(ctx)); err != nil {
		d.Close()
		return nil, err
	}
	return a, nil
}

// filesBeside is the folder of uploads of a database file.
func filesBeside(path string) string { return strings.TrimSuffix(path, filepath.Ext(path)) + "-files" }

// unitMoved takes accounts and running cases along with a unit: to its place, or to the place of whoever took it over.
func (a *App) unitMoved(ctx context.Context, c org.Changed) error {
	at, err := a.Record.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	if err := a.Account.Moved(ctx, c.Unit, at.Pos); err != nil {
		return err
	}
	if at.ID != c.Unit {
		return a.Flow.Moved(ctx, c.Unit, at.ID, at.Pos)
	}
	return a.Flow.Moved(ctx, c.Unit, 0, at.Pos)
}

// askHandover reminds a unit to hand over when the last day of somebody with an account is set. Tasks are the unit's and
// stay; where nobody is left they come to whoever enters for it.
func (a *App) askHandover(ctx context.Context, u org.Unit, p org.Post) error {
	return a.Flow.AddTask(ctx, flow.NewTask{Key: fmt.Sprintf("org.handover:%d:%s", p.ID, p.To), Unit: u.ID, Pos: u.Pos, Kind: flow.KindNote, TitleKey: "flow.handover_task",
		Why: "flow.handover_task_why", Args: map[string]any{"Person": p.Person, "Day": string(p.To.AddDays(-1))}, Due: p.To, Link: flow.HandoverPath})
}

// Close ends the children and closes the database.
func (a *App) Close() error {
	var err error
	if a.offices != nil {
		err = a.offices.Close()
		a.Library.Rendered()
	}
	return errors.Join(err, a.pdfs.Close(), a.DB.Close())
}

// System is a context in which the operator acts: the command line, jobs, imports at start.
func (a *App) System(ctx context.Context, name string) context.Context {
	if a.Clock != nil {
		ctx = clock.With(ctx, a.Clock)
	}
	return i18n.With(scope.With(ctx, scope.System(name)), a.Texts, i18n.Langs[0])
}

// Site declares all routes.
func (a *App) Site() *web.Site {
	a.dressers = []web.Dresser{a.Care.Trouble, a.Portal.Trouble}
	s := &web.Site{Actor: a.Account.CurrentActor, Fail: a.fail, Strong: a.Account.Strong}
	s.UnitPos = func(ctx context.Context, ref string) (int64, error) {
		u, err := a.Org.Resolve(ctx, ref)
		return u.Pos, err
	}
	s.Add(a.Account.Routes()...)
	s.Add(a.Audit.Routes()...)
	s.Add(a.Org.Routes()...)
	s.Add(a.Ledger.Routes()...)
	s.Add(a.Record.Routes()...)
	s.Add(a.Flow.Routes()...)
	s.Add(a.Base.Routes()...)
	s.Add(a.People.Routes()...)
	s.Add(a.Association.Routes()...)
	s.Add(a.Training.Routes()...)
	s.Add(a.Project.Routes()...)
	s.Add(a.Assess.Routes()...)
	s.Add(a.Report.Routes()...)
	s.Add(a.Campaign.Routes()...)
	s.Add(a.Coord.Routes()...)
	s.Add(a.Meeting.Routes()...)
	s.Add(a.Contact.Routes()...)
	s.Add(a.Plan.Routes()...)
	s.Add(a.Survey.Routes()...)
	s.Add(a.Guarantee.Routes()...)
	s.Add(a.Library.Routes()...)
	s.Add(a.Volunteer.Routes()...)
	s.Add(a.Activity.Routes()...)
	s.Add(a.Seal.Routes()...)
	s.Add(a.Feedback.Routes()...)
	s.Add(a.Signal.Routes()...)
	s.Add(a.Care.Routes()...)
	s.Add(a.Mandatory.Routes()...)
	s.Add(a.Casework.Routes()...)
	s.Add(a.Aid.Routes()...)
	s.Add(a.Portal.Routes()...)
	s.Add(a.Channel.Routes()...)
	s.Add(a.routes()...)
	s.Crowded = a.crowded(s.Routes())
	s.Middleware = []func(http.Handler) http.Handler{a.recoverer, a.headers, a.context, http.NewCrossOriginProtection().Handler, a.Account.Sessions, a.surroundings, a.firstRun, a.ownDomain}
	return s
}

// Handler is the whole program as an http.Handler; it does not start when a route declares nothing.
func (a *App) Handler() (http.Handler, error) {
	h, err := a.Site().Handler()
	if err != nil {
		return nil, fmt.Errorf("app: %w", err)
	}
	return compress(h), nil
}
