package account

import "context"

// HashPhrase hashes a phrase that stands in for an account, as passwords are hashed.
func (s *Service) HashPhrase(ctx context.Context, phrase string) (string, error) {
	return s.hash.hash(ctx, phrase)
}

// SamePhrase compares a phrase with its hash; "" stands for one that nobody has and costs the same.
func (s *Service) SamePhrase(ctx context.Context, stored, phrase string) (bool, error) {
	return s.hash.verify(ctx, stored, phrase)
}

// Knock counts an attempt to guess what opens something at a place, by what is tried and by the network address, neither of which
// is kept readable. Throttled says how long to wait, longer with each.
func (s *Service) Knock(ctx context.Context, place, what, address string) error {
	wait, err := s.tryGates(ctx, knocked(place, what), knockedFrom(place, address))
	if err == nil && wait > 0 {
		err = waitError(wait)
	}
	return err
}

func knocked(place, what string) gate { return gate{place + ":" + hash256(what), 5} }

// knockedFrom counts a whole school behind one address, so it is wider.
func knockedFrom(place, address string) gate {
	return gate{place + ":from:" + hash256(cleanAddr(address)), 30}
}

// Entered forgets the attempts at what was opened, and of those from its address the one that opened it: who opens what is theirs
// keeps nobody out who stands behind the same address.
func (s *Service) Entered(ctx context.Context, place, what, address string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.openGate(ctx, knocked(place, what)); err != nil {
			return err
		}
		return s.creditGate(ctx, knockedFrom(place, address))
	})
}
