package paper

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"xinhuo/internal/kit/docx"
)

func notice() Paper {
	return Paper{Mark: "云州市关心下一代工作委员会文件", Number: "云关委〔2026〕12号", Title: "关于排查活动场所的通知", To: "各乡镇关工委", Parts: []Part{{Text: []string{"逐个排查。"}}, {Heading: "一、分工", Text: []string{"1．张贴值班表。"}}, {Heading: "空着的一节"}, {Label: "抄送：", Text: []string{"市教育局"}}},
		Table: &docx.Table{Header: []string{"序号", "事项"}, Rows: [][]string{{"1", "值班"}}}, Files: []string{"值班表", "名单"}, Signed: []string{"云州市关心下一代工作委员会"}, On: "2026年11月30日",
		Copies: []string{"市委办公室", "市教育局"}, Printer: "云州市关心下一代工作委员会办公室", Printed: "2026年11月30日"}
}

// The page and the document hold the same words in the same order.
func TestPageAndDocumentSayTheSame(t *testing.T) {
	p := notice()
	data, err := p.Docx()
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	page := p.Page()
	words := []string{page.Head.Mark, page.Head.Number, page.Title, page.To}
	for _, x := range page.Paras[:3] {
		if x.Heading != "" {
			words = append(words, x.Heading)
		}
		words = append(words, strings.TrimPrefix(x.Runs[0].Text, "抄送："))
	}
	if strings.Contains(doc, "空着的一节") {
		t.Error("a heading stands over nothing")
	}
	words = append(words, "值班", "附件：1．值班表", "2．名单")
	words = append(words, page.Sign...)
	words = append(words, page.End.Copies, page.End.Printer, page.End.Printed)
	if page.End.Copies != "抄送：市委办公室，市教育局。" || page.End.Printed != "2026年11月30日印发" {
		t.Errorf("%+v", page.End)
	}
	for _, w := range words {
		at := strings.Index(doc, ">"+w+"<")
		if at < 0 {
			t.Fatalf("the document lacks %q, or has it before what stands above it", w)
		}
		doc = doc[at:]
	}
	if again, err := notice().Docx(); err != nil || !bytes.Equal(again, data) {
		t.Error("the same paper gives other bytes")
	}
}

// R24: what several issue together names all of them, in the page's head as in the document's.
func TestSeveralIssuers(t *testing.T) {
	p := notice()
	p.Issuers, p.Word = []string{"云州市关心下一代工作委员会", "云州市教育局"}, "文件"
	if h := p.Page().Head; len(h.Names) != 2 || h.Word != "文件" {
		t.Errorf("%+v", h)
	}
	p.Issuers = p.Issuers[:1]
	if h := p.Page().Head; len(h.Names) != 0 || h.Mark != "云州市关心下一代工作委员会文件" {
		t.Errorf("one issuer: %+v", h)
	}
}

// Minutes have no title of their own: their mark is their name.
func TestWithoutTitleTheMarkIsTheName(t *testing.T) {
	p := Paper{Mark: "联席会议纪要", By: "云州市", Day: "2026年11月30日"}
	if p.Name() != "联席会议纪要" || p.Page().Title != "" || p.Page().Head.By != "云州市" {
		t.Errorf("%+v", p.Page())
	}
}
