// Package channel (消息渠道) tells people outside the pages that something waits: a link and, once a day, counts. Nothing
// personal and no word of a record leaves the program; whoever is told signs in and reads.
//
// Terms:
//   - Way (渠道): how a unit is told: a mail server, a webhook of its own, a DingTalk or WeCom robot, an SMS gateway. All are off
//     until an administrator of the unit switches one on. Addresses and secrets are kept encrypted and never shown again.
//   - Choice (接收方式): what a person wants by mail: each task at once, a digest at eight in the morning, nothing. Nothing is
//     sent to an address before its owner has typed the code that was sent there.
//   - Message (消息): one line of the outbox, written in the transaction of the task it tells of. It has an ID that stays the
//     same however often it is sent, and a number in its queue.
//   - Queue (队列): what one receiver gets, in order. A process takes a queue with a lease; the head is sent until it arrives
//     or has waited three days (then it is put aside, and an administrator may send it again).
//
// docs/channels.md says what a receiver gets and how it checks the signature.
//
// Routes: GET /channel, GET and POST /channel/set, POST /channel/switch, /channel/try and /channel/again, GET and POST /me/channel,
// POST /me/channel/code, GET /api/v1/channels and /api/v1/channels/log.
//
// Neighbours: flow says when a task was posted and how much waits, account who somebody is, org where a unit stands; seal lends
// its key by the interface Vault, wired in app.
package channel
