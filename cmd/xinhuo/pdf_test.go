package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/pdf"
)

// TestMain makes this binary the whole program when it is begun as the child that reads PDFs.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == pdf.Subcommand {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestProgramIsTheChildThatReadsPDFs(t *testing.T) {
	file := strings.NewReader("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	r := pdf.New(pdf.Options{Command: pdf.Self(), Cache: t.TempDir(), Time: time.Minute, Page: time.Minute})
	defer r.Close()
	d, err := r.Read(t.Context(), file, file.Size(), extract.Limits{})
	if err != nil || d.Pages != 1 || len(d.Sizes) != 1 || d.Sizes[0] != (pdf.Size{Width: 300, Height: 400}) {
		t.Fatalf("%+v, %v", d, err)
	}
	if img, mime, err := r.Page(t.Context(), file, file.Size(), 1, 300); err != nil || mime != "image/png" || len(img) == 0 {
		t.Errorf("%d bytes, %q, %v", len(img), mime, err)
	}
	if help, err := run(t, "--help"); err != nil || strings.Contains(help, pdf.Subcommand) {
		t.Errorf("the help shows a command that is for no person: %v", err)
	}
	if _, err := run(t, pdf.Subcommand); err == nil {
		t.Error("a child without a cache")
	}
}
