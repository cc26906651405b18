// Package ui is the visual language of Xinhuo as typed templ components.
//
// Purpose: one place decides what a number, a list, a form or an official
// letter looks like, so that every module's pages look and behave alike: plain
// server-rendered HTML that works without script, under a strict content
// security policy (no style attribute, no inline handler), at 320 px, at 200 %
// zoom, in four text sizes, in light and dark, and on paper.
//
// Neighbours: ui knows no module, no database and no request. Callers hand over
// finished, translated strings; the few words of the shell itself (skip link,
// "optional", "next page") come from the text function of Chrome, which Page
// puts into the rendering context (see WithText). Their catalogue is Texts.
//
// The one rule that a page must not break: a red line under a number means
// "open it, see its records". Fig, N and the chart components draw that line;
// nothing else does.
package ui
