// Package guarantee (保障机制) holds what lets a committee work at all: what the Party committee and the government above it have
// put in writing, the money in the yearly budget, and the list of those that should have a committee.
//
// Terms:
//   - Standard (标准): the mechanisms with their points, as data, set by a unit for itself and those below from a year on (R8).
//     A point says what proves it, whose act it is (R14), whether its mechanism needs it, and whether it is one of the three
//     inclusions (三纳入, R9). The nearest unit above has the last word; a place that words a point otherwise keeps its code, so
//     that what is counted can still be compared. Without any the customary four mechanisms hold.
//   - Year (年度): what a unit has of the standard in a year: each point in place since a day, with its document and files (R6). The points
//     are a copy, so that a standard changed later leaves a past year alone (R15). What was taken over from the year before
//     counts when somebody has said that it still holds.
//   - Mechanism in place: each of the points that it needs is.
//   - Budget (经费): a line of money of a unit and year with its source and the document that approved it; in the yearly public budget
//     or not (R17). Revenue (财政收入): that of the unit's place in a year. Money whose growth is less than the revenue's does not
//     keep pace (R18). A city or county without a line in this year's budget finds that in its inbox (R16).
//   - Should (应建名单): one that should have a committee, and the unit of the tree once there is one (R49).
//
// Routes: /guarantee, /guarantee/new, /guarantee/point, /guarantee/export, /guarantee/{ref}, /guarantee/{ref}/{act};
// /guarantee-standard, /budget, /revenue, /should with the same; /api/v1/guarantees, guarantee-standards, budgets, revenues,
// should.
// Neighbours: org gives units and the coverage of the tree itself, record keeps versions, ledger counts. Documents that give several
// units something to do are notices (coord).
package guarantee
