// Package booking (预约) keeps who and what is taken for which hours, so that no lecturer and no hall is promised twice.
//
// Time is cut into quarters of an hour; a quarter of a subject is one row, and the table's key lets only one holder have
// it. Two offices that ask in the same moment therefore cannot both get it, whatever code path or engine they come by
// (R122): the database decides, and the loser is told who holds it and when.
//
// Terms (vocabulary): subject 对象 (a person or a place, by its record), holder 占用方 (the activity that takes it),
// calendar 日程: what is planned (Booked) and hours that were worked (Worked) are kept apart, so that somebody may be
// booked for an hour and log that hour.
//
// Where to look: model.go the types; rules.go quarters; service.go Hold, Of, Taken; store.go the rows.
// Routes: none. Neighbours: org (units), whoever holds something (activity, volunteer).
package booking
