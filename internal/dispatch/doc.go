// Package dispatch (下达) is what is the same whatever a committee sends down the tree, alone or with others: who issues
// it, how the others join in, who may change it, from whose subtrees it is asked. A campaign and a notice are each sent
// through a Desk.
//
// Terms:
//   - Lead (牵头发文单位): the unit that keeps the record. Others issue with it once they have joined in (会签); until then
//     nobody below them is asked: nobody sends work into another's subtree.
//   - Desk: the acts of one kind of record, with the words of its module.
//
// Neighbours: org gives units, record the right at a unit's home, flow carries the question whether a unit joins in.
package dispatch
