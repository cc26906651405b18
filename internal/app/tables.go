package app

// TableKinds are the kinds of records that come and go as tables; a test holds them to the importers of the program.
var TableKinds = []string{"activity", "aid", "association", "base", "budget", "campaign", "campaign_duty", "contact", "decision", "guarantee", "guidance", "meeting", "notice", "partner", "partner_task", "plan_item", "programme", "project", "receipt", "reform", "research", "revenue", "service", "should", "station", "survey_answer", "team",
	"training", "training_people", "volunteer"}
