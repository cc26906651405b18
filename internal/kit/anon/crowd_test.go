package anon

import (
	"fmt"
	"testing"
	"time"
)

// One network is bounded whatever port it comes from, and let in again after the hour; others are not touched.
func TestCrowdIsBoundedByNetwork(t *testing.T) {
	c := Crowd{PerHour: 3, Most: 100}
	hour := time.Hour.Milliseconds()
	for i := range 5 {
		if got := c.Admit(fmt.Sprintf("192.0.2.7:%d", 4000+i), int64(i)); got != (i < 3) {
			t.Errorf("%d: %v", i, got)
		}
	}
	for i, address := range []string{"[2001:db8::1]:1", "[2001:db8::2]:2", "2001:db8::3"} {
		c.Admit(address, int64(i))
	}
	if c.Admit("[2001:db8::ffff]:9", 5) || !c.Admit("[2001:db8:0:1::1]:9", 5) || !c.Admit("192.0.2.8:1", 5) {
		t.Error("the network of an address of 128 bits is its first 64")
	}
	if c.Admit("192.0.2.7:1", hour-1) || !c.Admit("192.0.2.7:1", hour) {
		t.Error("an hour is an hour")
	}
}

// What it remembers is bounded, and a flood from everywhere shuts nobody out.
func TestCrowdForgets(t *testing.T) {
	c := Crowd{PerHour: 1, Most: 10}
	for i := range 1000 {
		if !c.Admit(fmt.Sprintf("192.0.%d.%d", i/256, i%256), 0) {
			t.Fatal(i)
		}
		if len(c.list) > 10 {
			t.Fatalf("%d remembered", len(c.list))
		}
	}
}

func TestReceipts(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		r, err := NewReceipt()
		if err != nil || len(r) != 16 || seen[r] {
			t.Fatal(r, err)
		}
		seen[r] = true
	}
	for in, want := range map[string]string{"1234 5678 9012 3456": "1234567890123456", "１２３４-5678-9012-3456": "1234567890123456", "123": "", "": "", "1234567890123456x7": ""} {
		if got := Digits(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
