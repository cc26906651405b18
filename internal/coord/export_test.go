package coord

// RemindAtMost lowers the number of inboxes that one reminder may reach.
func (s *Service) RemindAtMost(n int) { s.inboxes = n }
