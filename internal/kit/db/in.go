package db

import (
	"fmt"
	"strconv"
)

// In writes whole numbers of our own, ids and places, as the list of an SQL IN, with its brackets: "(3,5)". An
// empty list is (-1), which is none of them, so that NOT IN takes all. Texts never go this way: they are parameters.
// Each list is a text of its own that the engine has to read and plan; what is asked often goes through OneOf.
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

// OneOf compares a column with the whole numbers of a parameter, which List makes: one text for all lists, so that the
// statement is kept open.
func (d *DB) OneOf(param string) string {
	if d.Engine == Postgres {
		return fmt.Sprintf(" = ANY(CAST(%s AS BIGINT[]))", param)
	}
	return fmt.Sprintf(" IN (SELECT value FROM json_each(%s))", param)
}

// List are whole numbers as OneOf takes them.
func List[T ~int64](d *DB, list []T) string {
	opens, closes := byte('['), byte(']')
	if d.Engine == Postgres {
		opens, closes = '{', '}'
	}
	b := make([]byte, 0, 20*len(list)+2)
	b = append(b, opens)
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(v), 10)
	}
	return string(append(b, closes))
}
