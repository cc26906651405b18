// Package signal (问题信号) says where young people have which problems: how many raised a topic with a unit in a month,
// with no name and no free text (R160).
//
// Terms (vocabulary): report 月报 (one unit, one month), topic 问题, small cell 不足5人的数 (fewer than five of a topic),
// published 公布 (what others see of a month), pooled 合并 (small cells of several units told together).
//
// # What is published, and why no small cell can be found out
//
// A Report is seen by its own unit alone: the page of the reporter's own post, never one below it, whatever right the
// reader has there. A month can be reported until the tenth of the next; then Daily publishes it, once and for ever, as
// items. Every page, table, figure and list of evidence is a sum of items, so that items are all that has to be safe.
//
// For each topic the tree is gone through from the leaves (anon.Release). A cell of five or more is an item.
// Small cells wait at the unit above. Where so many wait that together they could hold more than enough, they become one
// item when they come to nine or more, and nine less the four that a reporter knows of its own is still five. When they
// come to less, they wait as one, further up, where a city's remainder is told nobody. A sum so high that it would say
// that its cells are full is published as "so many or more". It follows, and a test tries it by all assignments of random
// trees: whoever sees all that is published, knows these rules and works at one of the units can tell of no small cell of
// another whether it is 0, 1, 2, 3 or 4. That a unit reported is shown; that a cell is nothing is not told from small.
//
// What stands in the way of differences: totals are sums of what is shown, so nothing is left over; a month does not
// change after it was published, so neither days nor corrections differ; what comes late is refused; a unit that moves
// takes its items along. The price: a remainder is missing from totals, which the pages say.
//
// Who reported lately and not last month finds it in the inbox on days 1-10 (Waiting); /signal/reported names for the unit above
// who has and who has not.
//
// Routes: /signal (published), /signal/export, /signal/reported and its export, /signal/own and its undo; /api/v1/signals, with /own and
// /reported.
// Neighbours: record, ledger, org, flow (inbox); a topic names the need under which people propose a team (R163).
package signal
