package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"xinhuo/internal/account"
	"xinhuo/internal/app"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/pdf"
	"xinhuo/internal/kit/qr"
	"xinhuo/internal/library"
)

// defaultDB is the database of one's own city: what XINHUO_DB says, or a file in the user's own folder.
func defaultDB() string {
	if dsn := os.Getenv("XINHUO_DB"); dsn != "" {
		return dsn
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		dir = "."
	}
	return filepath.Join(dir, "xinhuo", "city.db")
}

type serveOptions struct {
	db, host, files string
	port            int
	lan, browser    bool
	proxy           bool
	guestPages      int
	address         string
	local           bool
	demo            bool
	guests          []account.Guest
	clock           clock.Clock
	notes           func(a *app.App, url string)
}

func serveCmd() *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve your own city",
		Long: `Serve a city from its database. The first visit to an empty one names the city and its first administrator: from this
machine, or with the address that is printed. Ctrl-C ends it; running requests are finished.`,
		Example: `  xinhuo serve --db city.db
  xinhuo serve --db city.db --lan
  xinhuo serve --db postgres://user:password@host/xinhuo --files /srv/xinhuo/files --behind-proxy`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), o) },
	}
	serveFlags(c, &o)
	c.Flags().StringVar(&o.db, "db", defaultDB(), "database: a file or postgres://…")
	c.Flags().StringVar(&o.files, "files", "", filesHelp)
	c.Flags().BoolVar(&o.browser, "browser", false, "open the browser")
	c.Flags().BoolVar(&o.proxy, "behind-proxy", false, "a reverse proxy on this machine speaks https for us: believe its X-Forwarded headers")
	c.Flags().BoolVar(&o.local, "local-channels", false, "messages may also go to webhooks and mail servers of the local network")
	c.Flags().StringVar(&o.address, "address", "", "how browsers reach the program, as https://xinhuo.example.org: passkeys work there alone (default: the address of each request)")
	c.Flags().IntVar(&o.guestPages, "guest-pages", library.GuestPages, "pages of a shared document that visitors see")
	return c
}

func serveFlags(c *cobra.Command, o *serveOptions) {
	c.Flags().StringVar(&o.host, "host", "127.0.0.1", "address to listen on")
	c.Flags().IntVar(&o.port, "port", 8080, "port; the next free one when it is taken")
	c.Flags().BoolVar(&o.lan, "lan", false, "let telephones on the local network in, and print a QR code of the address")
}

func (o serveOptions) config() app.Config {
	return app.Config{DSN: o.db, Files: o.files, Clock: o.clock, Demo: o.demo, Guests: o.guests, Proxy: o.proxy, Local: o.local, PDF: pdf.Self(), Office: true, GuestPages: o.guestPages, Address: o.address}
}

func serve(ctx context.Context, o serveOptions) error {
	if u, err := url.Parse(o.address); o.address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "localhost") {
		return wrong("--address takes a whole address over https, as https://xinhuo.example.org")
	}
	if o.lan {
		o.host = "0.0.0.0"
	}
	a, err := app.Open(ctx, o.config())
	if err != nil {
		return err
	}
	defer a.Close()
	l, err := app.Listen(o.host, o.port)
	if err != nil {
		return err
	}
	port := l.Addr().(*net.TCPAddr).Port
	setup, err := a.SetupPath(a.System(ctx, "start"))
	if err != nil {
		return err
	}
	own := fmt.Sprintf("http://127.0.0.1:%d", port)
	lan := ""
	if o.lan {
		if ip := localAddress(); ip != "" {
			lan = fmt.Sprintf("http://%s:%d", ip, port)
		}
	}
	announce(os.Stdout, own, lan, setup)
	if o.notes != nil {
		o.notes(a, own)
	}
	if o.browser {
		open(own)
	}
	return a.Serve(ctx, l)
}

// announce prints where the program answers: on this machine, and on the local network with a code for telephones. An
// empty program adds the address that names its city; its key lets a telephone do that, too.
func announce(w io.Writer, url, lan, setup string) {
	fmt.Fprintln(w, url)
	if lan != "" {
		fmt.Fprintln(w, lan)
		if code, err := qr.Terminal(lan + setup); err == nil {
			fmt.Fprintln(w, code)
		}
	}
	if setup != "" {
		fmt.Fprintf(w, "An empty database: open %s%s to name your city.\n", url, setup)
		if lan != "" {
			fmt.Fprintf(w, "From another machine: %s%s\n", lan, setup)
		}
	}
}

// localAddress is this machine's address on the local network; nothing is sent to find it.
func localAddress() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsPrivate() {
			return n.IP.String()
		}
	}
	return ""
}

func open(url string) {
	var c *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	case "darwin":
		c = exec.Command("open", url)
	default:
		c = exec.Command("xdg-open", url)
	}
	_ = c.Start() // without a desktop the printed address serves
}

func demoCmd() *cobra.Command {
	var o serveOptions
	var data, day string
	var noBrowser, reset bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Serve a demonstration city",
		Long: `Make an invented city (东江省云州市) that lives up to today, and serve it. A second run keeps its
data; --reset begins anew. The demonstration and your own city are different files.`,
		Example: `  xinhuo demo
  xinhuo demo --reset --port 9000 --lan`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			today := clock.DayOf(time.Now())
			if day != "" {
				d, err := clock.ParseDay(day)
				if err != nil {
					return err
				}
				today = d
			}
			o.db = filepath.Join(data, "demo.db")
			if reset {
				if err := removeDemo(data); err != nil {
					return err
				}
			}
			made, err := app.MakeDemo(cmd.Context(), o.db, today, progress("demo"))
			if err != nil {
				return err
			}
			o.demo, o.guests, o.clock, o.browser = true, made.Guests(), made.Clock, !noBrowser
			o.notes = func(*app.App, string) {
				fmt.Println("Accounts of the demonstration (password " + app.DemoPassword + "):")
				for _, acc := range made.Accounts {
					fmt.Printf("  %-14s %s\n", acc.Login, acc.Duty)
				}
			}
			return serve(cmd.Context(), o)
		},
	}
	serveFlags(c, &o)
	c.Flags().StringVar(&data, "data", "data/demo", "folder of the demonstration")
	c.Flags().StringVar(&day, "day", "", "the day it lives on, YYYY-MM-DD (default: today)")
	c.Flags().BoolVar(&noBrowser, "no-browser", false, "do not open the browser")
	c.Flags().BoolVar(&reset, "reset", false, "throw the old one away and begin anew")
	return c
}

func removeDemo(data string) error {
	for _, f := range []string{"demo.db", "demo.db-wal", "demo.db-shm"} {
		if err := os.Remove(filepath.Join(data, f)); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return os.RemoveAll(filepath.Join(data, "demo-files"))
}
