// Package library (文库) keeps the documents that units share: speeches, notices, plans, lesson material. Each is read on any
// screen, found by any two characters of its text, and seen by exactly those its unit chose.
//
// Terms: a document (文件) has a permanent number under which it stands for ever, /d/N; its file is known by content; its text is
// read once and kept by the file's hash. It is a draft (草稿) until its unit issues it (发布), and may be withdrawn (撤下): then it
// is gone from list, search, related and download at once for everybody but those who work at its unit. Visible says for whom
// it is issued: the unit, units below, units above, all committees,
// bodies beside the tree, too, everybody. It is filed under a category (类别), one of a tree of two levels that the whole site shares and
// whoever runs the site corrects; a code never changes, and a category that was closed leads to its successor.
//
// Beside its title a document says who spoke (讲话人): a name, a unit and a day, never the post, which org's dated posts tell (R82); what an
// official paper says of itself (发文机关, 文号, 成文日期), and of which project it is (R208). Of a document that nobody has the title alone can be
// kept (仅收录题名): it has no file. Titles and numbers that a text cites (文中提到) lead to the one document that they mean, and that one tells
// what cites it (被引用): library_citation, written with each document's text (R120).
//
// One rule says who sees a document: visibleTo in store.go. List, count, search, suggestions, related documents, page and download ask it and
// nothing else.
//
// Where to look: service_about.go and service_cite.go hold what is said of a document beside its title, api.go what programs do; service_ingest.go takes a file in, rules_*.go hold what is read out of titles and texts, kit/extract reads
// files, kit/search finds; service_index.go
// puts the texts there and makes the index anew; *_tree.go are the categories, service_cover.go the small pictures in lists.
//
// Routes: /library (list and search), /library/suggest, /library/new, /library/entry, /library/categories, /library/{ref}/{act}, /library/report/{ref}, /d/{no} with /read, /file, /cover, /report.
// /api/v1/library, /api/v1/library-collections, /api/v1/library-comments, /api/v1/library-reports, /api/v1/favourites.
// Neighbours: app lends the projects (Projects); record keeps the versions, ledger counts, flow brings reports to those who decide, org says where.
package library
