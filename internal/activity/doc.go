// Package activity (活动) keeps what committees do: lectures, practice, culture, training, contests, visits and camps,
// planned or reported once, by those who did it, and then part of every figure above.
//
// Terms (vocabulary): activity 活动, host 主办单位 (the first leads 牵头, the others host with it 共同主办), stop 活动地点,
// audience 参加对象 (groups and head counts, never names), safety plan 安全预案, incident report 突发情况报告, contest 竞赛,
// series 系列活动 (学文化、学技能、学管理), person-times 人次.
//
// One Activity is one record: record.Book keeps it whole as a chain of versions. Several units may host it; it counts
// once at each of them and once at each unit above them (R56). A unit is a host only when both sides said so: nobody
// signs for others. Types, topics, series and groups are lists that a city words itself; what a list says that figures
// need (the class of a type) is written into the record when it is saved.
//
// Where to look: model.go the record; rules.go what is right, rules_ready.go what an activity needs before it may open
// or be reported; service.go who may do what, service_act.go the acts, service_host.go several hosts; store.go the
// lists; pages_form.go the reporting form; figures.go what the ledger counts.
//
// The list of a camp's minors is sealed (seal): service_minors.go; only counts of it stand anywhere else. Without it
// no camp opens and none is reported. Which children an incident was about is sealed, too: service_incident.go, which also says
// when both have been kept as long as they may be. Who may see a photo of minors stands in service_photos.go, and nowhere else.
//
// Routes: /activity, /activity/new, /activity/{ref}, /activity/{ref}/{act}, /activity/series, /activity/places, /activity/bases,
// /activity/calendar, /activity/settings, /activity/export, /api/v1/activities.
// Neighbours: org (units), record (versions, import), ledger (figures), flow (inbox), booking (hours of people and
// bases), seal (participants of camps), base (places; the page of a base borrows a panel), volunteers and campaigns through interfaces of model.go.
package activity
