// Package assess (考核) holds what a committee sets out to reach and looks at: for now its reform programmes.
//
// Terms:
//   - Programme (改革项目): a model with its parts, a goal, years, the level of the units that are to take it over, and the
//     criteria by which an adoption is accepted. All of it is data: a part whose name is not known yet keeps its place
//     (R154), and a second programme with another model runs beside the first (R146).
//   - Adoption (建立): one unit's way to one programme: planned day with every time it was put off (R193), handed in,
//     accepted by the criteria (R194), revoked; then the levels of maturity (R153). A unit that lost its acceptance and
//     won it again has several periods in the same record.
//   - Main programme (主项目): the one that the figures reform.* count.
//
// Accepting goes through the flow reform.acceptance; whoever works at the programme's own unit can also record it as it
// stands on paper.
//
// Routes: /reform, /reform/new, /reform/{ref}, /reform/{ref}/{act}, /reform/programme/new, /reform/programme/{ref},
// /reform/programme/{ref}/edit, /reform/export, /api/v1/reforms, /api/v1/reforms/{ref}, /api/v1/reforms/{ref}/{act},
// /api/v1/programmes, /api/v1/programmes/{ref}.
// Neighbours: org gives units, record keeps the versions, ledger counts, flow carries the acceptance.
package assess
