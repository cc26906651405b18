// Package report (活文稿) keeps live documents: texts whose figures are bound to the ledger.
//
// Terms:
//   - Document (活文稿): a speech or a report of a unit. A paragraph is made of runs: plain text, or a figure bound to its
//     definition, unit and period (Bound).
//   - Draft (草稿): its figures are those of today; correct a record and the sentence changes (R152).
//   - Issue (定稿): freezes the day, the instant of knowledge and the text. From then on it stays, with today's number
//     beside each figure and the evidence of both (R127). At each view the text is set anew from the ledger as known
//     then, and its fingerprint compared: the page says whether it is still the same.
//   - A number that is written by hand and counts something keeps a document from being issued (R20).
//   - Outline (提纲): a document to begin from, a file of outlines/: chapters with the figures that belong to each (R36).
//   - "Last year" is the year before the document's own date (R201).
//
// Routes: /speech, /speech/new, /speech/{ref}, /speech/{ref}/edit, /speech/{ref}/issue, /speech/{ref}/undo,
// /speech/{ref}/docx, /api/v1/documents, /api/v1/documents/{ref}.
// Neighbours: ledger answers the figures, record keeps the versions, org gives units.
package report
