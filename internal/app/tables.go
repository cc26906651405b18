package app

// TableKinds are the kinds of records that come and go as tables; a test holds them to the importers of the program.
var TableKinds = []string{"activity", "association", "base", "campaign", "campaign_duty", "contact", "decision", "guidance", "meeting", "notice", "partner", "plan_item", "programme", "project", "receipt", "reform", "research", "service", "station", "survey_answer", "team",
	"training", "training_people", "volunteer"}
