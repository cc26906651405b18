// Package record (记录) is the one write path of everything that is counted. A Book keeps one kind of record as a chain of
// versions: the newest is what stands, older ones are its history. Save checks the right, writes the module's own
// tables, the version, the audit row and the postings in one transaction, so that kill -9 leaves no half.
//
// Undo within ten minutes is a new version equal to the one before, refused when somebody has changed the record since
// or a flow step was taken on it. An import is a batch of such writes: previewed by doing it and rolling back, taken,
// and undone as a whole; the log keeps both acts. Days of a table that may be several are asked about at the preview, once for
// a column, whatever the kind of record (import_dates.go); the answers are kept with the import.
//
// Routes: /import/{kind} (upload, template, earlier imports), /batch/{ref} (preview, dates, take, undo), /export/{kind}.
// Neighbours: base, people, project and assess keep their records through it; it needs org, audit and ledger.
package record
