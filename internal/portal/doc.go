// Package portal (网上关工委) is each unit's own public site: its name and colours, its news, bases, coming activities, documents,
// figures, and the way to ask for help (R164, R168). Several cities stand on one server and see nothing of each other.
//
// Terms: site 网站, column 栏目, short address 网址 (slug), domain 域名 (host), news 新闻, published figure 公布的数字, letter 网站来信 (Wish),
// self-check 网站自查, finding 问题.
//
// A visitor needs no account, no cookie and no script. A page is the same for everybody, so that it is made once and answered from
// memory for some seconds (service_kept.go); its language is the browser's unless the address names one, and the text size stands in the address. It reads with no rights but those
// of the site's own subtree: what other subjects show comes by the interface Program, which is given that subtree and answers only
// what everybody may know. At a domain of its own a server shows that one site, under short addresses (/news): AtDomain makes the long one of
// them before the router looks, and face.to writes every link.
//
// A site is off until its office switches it on; off and absent are told alike. News are records with versions (record.Book).
// Figures are published, not live: a number of fewer than five people is told nobody (kit/anon), and nothing moves until the office
// publishes anew. Activities are shown one by one, by hand: when a class meets where is nobody's business. Who writes through a
// site is encrypted (seal.Lock), read by who works at the unit, each time in the log, and forgotten ninety days after the answer.
//
// News have pictures (service_pictures.go), made anew and small; a picture is there as long as the site shows its news. A text is read aloud by
// the device's own voice (kit/web/static/aloud.js).
//
// The self-check finds what an inspection would: columns that are old or empty, letters that wait, pages that are slow, addresses that
// lead nowhere. Its limits are data, limits.toml.
//
// Where to look: model.go the types; rules.go addresses, domains, what may be told; service.go settings; service_news.go,
// service_figures.go, service_wish.go; service_pace.go how long pages took; service_show.go which site an address means; service_check.go; pages_public.go the site, pages_wish.go the form of those who write.
//
// Routes: /s/{slug}, /s/{slug}/{column}, /s/{slug}/news/{ref}, its pictures below it; /portal (settings, preview, news, figures, activities, letters, check);
// /api/v1/portal, /api/v1/portal/check.
// Neighbours: org, ledger, record, flow (the inbox), seal (letters), audit; base, activity, library and care by Program.
package portal
