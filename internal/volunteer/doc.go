// Package volunteer (志愿者, 五老) keeps the people who help: who they are, what they can do, whether they may work with
// minors, and the hours that they gave.
//
// Terms (vocabulary): volunteer 志愿者, kinds 五老 (老干部, 老战士, 老专家, 老教师, 老模范) and others, core 骨干, candidate 候选,
// admitted 入队, left 离队, check 核查 (background, health, training, certificate), hours 服务时长.
//
// Two kinds of record: "volunteer" is a person's file; "service" is a stretch of hours on one day. Hours of one person
// cannot overlap: the database holds them (booking's worked calendar), whoever enters them. Who entered them, and for
// whom, stays with them and is a breakdown of the figures.
//
// Nobody without a valid background check is to be assigned to minors: Fit says who and what is missing (R162, R163).
//
// Personal data: Volunteer.shown decides what a reader sees, in every page, table and answer. Health is for the office of
// the person's very unit, not for those above; the telephone for whoever works there or above, and for whoever views the unit once the person agreed to be found;
// the person's own story (experience) does not leave the unit without consent (R128). Searches by name, profession or
// speciality find beyond the unit's own office only who agreed to be found (R161). Ages are computed from the year of
// birth on the day that is asked about, never kept (R158).
//
// A check may carry its scanned paper, for whoever works at the unit, that of a health check for the office of that very unit;
// a paper comes in with its check alone, so that nobody reads another's file by naming its hash. What of hours is worth a
// second look (Look) is shown on the entry and in a list; it refuses nothing and accuses nobody.
//
// Routes: /volunteer (list), /volunteer/find (by profession and speciality), /volunteer/structure, /volunteer/new,
// /volunteer/export, /volunteer/system (table for the volunteer-service information system), /volunteer/professions,
// /volunteer/{ref} with edit, check, uncheck, care, uncare, admit, leave, core, certificate, paper, merge, hours, remove, undo, done, known;
// /hours (list), /hours/new (many at once), /hours/{ref}; /me/hours; /certificate/{ref}, open to anyone who has the code;
// /api/v1/volunteers, /api/v1/hours.
// Neighbours: record keeps the versions, ledger counts, org says where, booking holds the hours, flow reminds of checks.
package volunteer
