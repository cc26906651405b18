// Package audit (留痕) keeps who saw and did what, so that nobody can change it unnoticed (R189).
//
// An act writes its row in its own transaction: without the row there is no act. A refused attempt writes one in a
// short transaction of its own. Behind them one sealer numbers the rows as leaves of a Merkle tree (RFC 6962, the log
// of Go's checksum database); Verify recomputes it all and names the first difference. Whoever can write to the
// database could rebuild the whole tree, so the head (size and root hash, one line) is to be kept outside the machine
// and compared with VerifyAgainst.
//
// Rows that are not yet sealed are not yet covered: serve seals every few seconds.
//
// Fields: an entry's act is a text key ("base.accredit"); subject is the kind of record; pos is the place, by which a
// reader's scope filters; instants are UTC milliseconds. No entry ever carries a child's name.
//
// Routes: GET /audit, GET /audit/export, GET /api/v1/audit. Neighbours: kit alone; every module calls it.
package audit
