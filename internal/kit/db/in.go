package db

import "strconv"

// In writes whole numbers of our own, ids and places, as the list of an SQL IN, with its brackets: "(3,5)". An
// empty list is (-1), which is none of them, so that NOT IN takes all. Texts never go this way: they are parameters.
func In[T ~int64](list []T) string {
	if len(list) == 0 {
		return "(-1)"
	}
	b := make([]byte, 0, 20*len(list)+2)
	for i, v := range list {
		b = append(b, "(,"[min(i, 1)])
		b = strconv.AppendInt(b, int64(v), 10)
	}
	return string(append(b, ')'))
}
