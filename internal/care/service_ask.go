package care

import (
	"context"
	"crypto/subtle"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/seal"
)

// asking is the context in which what an asker does is kept: they have no account, and nothing of them goes along.
func asking(ctx context.Context) context.Context { return scope.With(ctx, scope.System("care")) }

// NewReceipt draws the number under which a request will be kept, with the proof that it is ours.
func (s *Service) NewReceipt(ctx context.Context) (receipt, proof string, err error) {
	if receipt, err = anon.NewReceipt(); err != nil {
		return "", "", err
	}
	proof, err = s.seal.Blind(ctx, "care.proof", receipt)
	return receipt, proof, err
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Check says what has to be changed of a request up to a step of its form.
func (s *Service) Check(ctx context.Context, a Ask, step int) error {
	d, err := s.deskAcrossUnits(ctx, a.Unit)
	if err != nil {
		return err
	}
	if !d.Open {
		return errs.New(errs.Conflict, "care.shut")
	}
	f := a.problems(step, d)
	if step == 3 {
		rule, err := s.Rule(ctx)
		if err != nil {
			return err
		}
		rule.problems(a, &f)
	}
	return f.Err()
}

// Ask keeps a request: once it returns, the request is there, and the desk's inbox has it with its next reading. Sent twice it is
// the same request. Throttled when one network address sends very many.
func (s *Service) Ask(ctx context.Context, a Ask, address string) (q Request, err error) {
	defer errs.Wrapf(&err, "care.Ask")
	if err := s.Check(ctx, a, 3); err != nil {
		return q, err
	}
	a.Receipt = anon.Digits(a.Receipt)
	proof, err := s.seal.Blind(ctx, "care.proof", a.Receipt)
	if err != nil {
		return q, err
	}
	if a.Receipt == "" || !same(proof, a.Proof) {
		return q, errs.New(errs.Conflict, "care.form_old")
	}
	mark, err := s.seal.Blind(ctx, "care.receipt", a.Receipt)
	if err != nil {
		return q, err
	}
	if q, err = s.byReceiptAcrossUnits(ctx, mark); err == nil {
		return s.sentBefore(ctx, q, a.Phrase)
	} else if !errs.Is(err, errs.NotFound) {
		return q, err
	}
	if !s.crowd.Admit(address, clock.Millis(ctx)) {
		return q, errs.New(errs.Throttled, "care.crowded")
	}
	pass, err := s.gate.HashPhrase(ctx, phraseOf(a.Phrase))
	if err != nil {
		return q, err
	}
	d, err := s.deskAcrossUnits(ctx, a.Unit)
	if err != nil {
		return q, err
	}
	ref := id.Ref{Root: d.Root, ID: id.New()}
	files, err := s.pack(ctx, ref, a.Files)
	if err != nil {
		return q, err
	}
	var taken bool
	err = s.db.Tx(asking(ctx), func(ctx context.Context) error {
		d, err := s.deskAcrossUnits(ctx, a.Unit)
		if err != nil {
			return err
		}
		now := clock.Millis(ctx)
		q = Request{Root: ref.Root, ID: ref.ID, Unit: d.Unit, Pos: d.Pos, No: shortNo(a.Receipt), Kind: a.Kind, Asker: a.Asker, Way: a.Way, Urgency: a.urgencyOf(), State: Untaken, At: now, Pass: pass}
		if a.Agree {
			q.Rule = a.Rule
		}
		if q.DueAt = due(q.Urgency, now); q.Urgency == Now {
			q.Danger = 1
		}
		if taken, err = s.insertRequest(ctx, q, mark); err != nil || !taken {
			return err
		}
		o := owner(askerKind, q, d, nil, clock.Today(ctx))
		if a.Name != "" || a.Contact != "" {
			if _, err := s.seal.Seal(ctx, o, map[string]string{"name": a.Name, "contact": a.Contact}); err != nil {
				return err
			}
		}
		o.Kind = entryKind
		if err := s.write(ctx, q, o, Entry{Kind: Asked, Text: a.Text, packed: files}); err != nil {
			return err
		}
		if err := s.owe(ctx, q); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "care.act.ask", Subject: Kind, Ref: q.Ref(), Pos: q.Pos, Unit: q.Unit})
	})
	if err == nil && !taken { // the same form, sent twice at the same moment
		if q, err = s.byReceiptAcrossUnits(ctx, mark); err == nil {
			return s.sentBefore(ctx, q, a.Phrase)
		}
	}
	return q, err
}

// shortNo is how those who help call a request on the telephone: half of its receipt, which opens nothing.
func shortNo(receipt string) string { return receipt[:4] + "-" + receipt[4:8] }

func (s *Service) sentBefore(ctx context.Context, q Request, phrase string) (Request, error) {
	ok, err := s.gate.SamePhrase(ctx, q.Pass, phraseOf(phrase))
	if err == nil && !ok {
		err = errs.New(errs.Conflict, "care.form_old")
	}
	return q, err
}

// A school stands behind one address: the bound is wide.
const (
	perHour     = 30
	mostCrowded = 10_000
)

var errWrong = errs.New(errs.Invalid, "care.wrong")

// Back is what became of a request, for whoever has its receipt and its phrase. A receipt that does not exist and a phrase that is
// not right are told alike, after the same work; guesses wait longer and longer.
func (s *Service) Back(ctx context.Context, receipt, phrase, address string) (out Answer, err error) {
	defer errs.Wrapf(&err, "care.Back")
	receipt = anon.Digits(receipt)
	if err := s.gate.Knock(ctx, "care", receipt, address); err != nil {
		return out, err
	}
	mark, err := s.seal.Blind(ctx, "care.receipt", receipt)
	if err != nil {
		return out, err
	}
	q, err := s.byReceiptAcrossUnits(ctx, mark)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return out, err
	}
	ok, err := s.gate.SamePhrase(ctx, q.Pass, phraseOf(phrase))
	if err != nil {
		return out, err
	}
	if !ok || q.ID == 0 {
		return out, errWrong
	}
	if err := s.gate.Entered(ctx, "care", receipt, address); err != nil {
		return out, err
	}
	return s.answer(ctx, q)
}

// answer reads for the asker what they may see of their request.
func (s *Service) answer(ctx context.Context, q Request) (out Answer, err error) {
	d, err := s.deskAcrossUnits(ctx, q.Unit)
	if err != nil {
		return out, err
	}
	u, err := s.rec.Home(ctx, q.Unit)
	if err != nil {
		return out, err
	}
	out = Answer{Request: q, Desk: d, Unit: u.Name}
	said, err := s.seal.OpenOwn(asking(ctx), owner(entryKind, q, d, nil, clock.Today(ctx)))
	if err != nil {
		return out, err
	}
	list, err := s.lines(ctx, q, said)
	if err != nil {
		return out, err
	}
	if err := s.withFiles(ctx, q, list, func(kind string) ([]seal.Record, error) {
		return s.seal.OpenOwn(asking(ctx), owner(kind, q, d, nil, clock.Today(ctx)))
	}); err != nil {
		return out, err
	}
	helpers := map[string]bool{}
	for _, e := range list {
		if e.forAsker() {
			if e.Kind == Step { // what was said to it, such as why a desk declines, is among those who help
				e.Text = ""
			}
			out.Entries = append(out.Entries, e)
		}
		switch what, who, _ := strings.Cut(e.Arg, ":"); {
		case e.Kind != Step:
		case what == "referred":
			helpers[who] = true
		case what == "left":
			delete(helpers, who)
		case what == "parted":
			clear(helpers)
		}
	}
	out.Helpers = len(helpers) > 0
	switch p, err := s.offerAcrossUnits(ctx, q.Ref()); {
	case err == nil:
		to, err := s.rec.Home(ctx, p.To)
		if err != nil {
			return out, err
		}
		out.Offer = to.Name
	case !errs.Is(err, errs.NotFound):
		return out, err
	}
	out.Token, err = s.token(ctx, q.Ref(), clock.Millis(ctx)+tokenLife.Milliseconds())
	return out, err
}

// token lets the page on which an answer is read write back until an instant.
func (s *Service) token(ctx context.Context, ref id.Ref, until int64) (string, error) {
	plain := fmt.Sprintf("%s.%d", ref, until)
	mark, err := s.seal.Blind(ctx, "care.token", plain)
	return plain + "." + mark, err
}

// tokened is the request of a token that has not run out.
func (s *Service) tokened(ctx context.Context, token string) (q Request, err error) {
	old := errs.New(errs.Conflict, "care.page_old")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return q, old
	}
	ref, err := id.ParseRef(parts[0])
	until, bad := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || bad != nil || until < clock.Millis(ctx) {
		return q, old
	}
	want, err := s.token(ctx, ref, until)
	if err != nil {
		return q, err
	}
	if !same(want, token) {
		return q, old
	}
	return s.requestAcrossUnits(ctx, ref)
}

// Say adds a word of whoever asked; one that had ended is open again within reopenWithin. mark is the form's: taken once.
func (s *Service) Say(ctx context.Context, token, text, mark string, files ...Upload) (out Answer, err error) {
	defer errs.Wrapf(&err, "care.Say")
	var f errs.Fields
	if strings.TrimSpace(text) == "" {
		f.Add("text", "care.words_missing")
	}
	long(&f, "text", text, maxText)
	q, err := s.tokened(ctx, token)
	if err != nil {
		return out, err
	}
	packed, err := s.pack(ctx, q.Ref(), files)
	if err != nil {
		return s.after(ctx, token, out, err)
	}
	err = s.heard(ctx, token, f, "say", func(ctx context.Context, q *Request) (Entry, error) {
		if err := spoke(q, clock.Millis(ctx), text); err != nil {
			return Entry{}, err
		}
		return Entry{Kind: Asked, Text: text, Mark: mark, packed: packed}, nil
	})
	return s.after(ctx, token, out, err)
}

// spoke opens a request again that had ended within reopenWithin, and says by when somebody has to answer.
func spoke(q *Request, now int64, text string) error {
	if q.State == Closed && q.ClosedAt < now-reopenWithin.Milliseconds() {
		return errs.New(errs.Conflict, "care.long_ended")
	}
	if Dangerous(text) {
		q.Urgency, q.Danger = Now, 1
	}
	q.again(now)
	return nil
}

// again is a request of which somebody waits for an answer, also one that had ended.
func (q *Request) again(now int64) {
	if q.State, q.ClosedAt, q.Outcome = Held, 0, ""; q.Holder == 0 {
		q.State = Untaken
	}
	if at := due(q.Urgency, now); q.DueAt == 0 || at < q.DueAt {
		q.DueAt = at
	}
}

// Reply is what whoever asked says to an appointment: yes, or another time, which is a word that waits for an answer.
func (s *Service) Reply(ctx context.Context, token string, entry id.ID, reply string) (out Answer, err error) {
	defer errs.Wrapf(&err, "care.Reply")
	var f errs.Fields
	if !slices.Contains(Replies, reply) {
		f.Add("reply", "care.reply_missing")
	}
	err = s.heard(ctx, token, f, "reply", func(ctx context.Context, q *Request) (Entry, error) {
		if q.State == Closed {
			return Entry{}, errEnded
		}
		fresh, err := s.reply(ctx, q.Ref(), entry, reply)
		if err != nil {
			return Entry{}, err
		}
		if !fresh {
			return Entry{}, errs.New(errs.Conflict, "care.reply_odd")
		}
		if reply == "yes" {
			return Entry{Kind: Step, Arg: "agreed"}, nil
		}
		return Entry{Kind: Asked, Text: tr(ctx, "care.ask.reply_other_said")}, spoke(q, clock.Millis(ctx), "")
	})
	return s.after(ctx, token, out, err)
}

// Part takes back the consent to let others than the desk read a request: whoever was let in is refused from their next tap on.
func (s *Service) Part(ctx context.Context, token string) (out Answer, err error) {
	defer errs.Wrapf(&err, "care.Part")
	err = s.heard(ctx, token, nil, "part", func(ctx context.Context, q *Request) (Entry, error) {
		d, err := s.deskAcrossUnits(ctx, q.Unit)
		if err != nil {
			return Entry{}, err
		}
		list, err := s.seal.RevokeOwn(ctx, owner(entryKind, *q, d, nil, clock.Today(ctx)))
		for _, g := range list {
			if err := s.flow.DoneTask(ctx, referKey(q.Ref(), g.Account)); err != nil {
				return Entry{}, err
			}
		}
		return Entry{Kind: Step, Arg: "parted"}, err
	})
	return s.after(ctx, token, out, err)
}

// Rate keeps how satisfied whoever asked is, 1 to 5, once it ended.
func (s *Service) Rate(ctx context.Context, token string, score int64) (out Answer, err error) {
	defer errs.Wrapf(&err, "care.Rate")
	var f errs.Fields
	if score < 1 || score > 5 {
		f.Add("score", "care.score_missing")
	}
	err = s.heard(ctx, token, f, "rate", func(_ context.Context, q *Request) (Entry, error) {
		if q.State != Closed {
			return Entry{}, errs.New(errs.Conflict, "care.not_ended")
		}
		q.Score = score
		return Entry{Kind: Step, Arg: "rated"}, nil
	})
	return s.after(ctx, token, out, err)
}

// after is the page again, with what was done or with what has to be changed.
func (s *Service) after(ctx context.Context, token string, out Answer, failed error) (Answer, error) {
	q, err := s.tokened(ctx, token)
	if err != nil {
		return out, err
	}
	if out, err = s.answer(ctx, q); err != nil {
		return out, err
	}
	return out, failed
}

// heard lets whoever asked do something with their request.
func (s *Service) heard(ctx context.Context, token string, f errs.Fields, act string, do func(ctx context.Context, q *Request) (Entry, error)) error {
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(asking(ctx), func(ctx context.Context) error {
		q, err := s.tokened(ctx, token)
		if err != nil {
			return err
		}
		e, err := do(ctx, &q)
		if err != nil {
			return err
		}
		d, err := s.deskAcrossUnits(ctx, q.Unit)
		if err != nil {
			return err
		}
		log := audit.Entry{Act: "care.act." + act, Subject: Kind, Ref: q.Ref(), Pos: q.Pos, Unit: q.Unit}
		if err := s.keep(ctx, q, owner(entryKind, q, d, nil, clock.Today(ctx)), e, log); err != nil || e.Kind != Asked {
			return err
		}
		return s.owe(ctx, q)
	})
}
