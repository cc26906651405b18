package portal

import (
	"context"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// newsSource makes news a kind of record with versions; no figure counts them, so that they publish no rows.
func newsSource() *ledger.Source {
	return &ledger.Source{
		Name:     ledger.Words{Zh: "网站新闻", En: "News of a site"},
		OfUnit:   func(context.Context, id.ID) ([]ledger.Record, error) { return nil, nil },
		Describe: func(context.Context, []id.ID) (map[id.ID]ledger.Description, error) { return nil, nil },
	}
}
