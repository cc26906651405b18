// Package arch holds the map of the modules and, in its tests, the rules that
// keep the map true: who may import whom, where SQL stands, which kinds of
// file a module has, which texts exist.
//
// Each rule is a function from a tree of files to a list of violations, so
// that it runs on the repository and, in the same test, on a small bad example:
// a rule that cannot fail is no rule.
package arch
