package app
import ("net/http";"xinhuo/internal/kit/web";"xinhuo/internal/kit/scope";"xinhuo/internal/kit/errs";"xinhuo/internal/kit/i18n";"log/slog")
func (a *App) pages() []web.Route { return []web.Route{{Method:"GET",Path:"/{$}",Right:scope.SignedIn,Scope:web.Self,Name:"x",Handler:func(w http.ResponseWriter,r *http.Request) error { if n:=a.setupNote(r.Context()); n!=nil { w.Write([]byte(n.Title)) }; return nil }}} }
func (a *App) fail(w http.ResponseWriter, r *http.Request, err error) { slog.Error("fail","path",r.URL.Path,"err",err); http.Error(w, i18n.Error(r.Context(), err), errs.KindOf(err).Status()) }
