// Package paper sets official papers (公文, GB/T 9704-2012): one description gives the Word document and the page that is
// read and printed. Notices and minutes are written with it. A paper is Chinese whatever the language of the pages around it.
package paper

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/docx"
	"xinhuo/internal/kit/web/ui"
)

// Paper is an official paper. What is empty is left out.
type Paper struct {
	Urgency string   // 紧急程度, at the top left: 加急, 特急
	Mark    string   // 发文机关标志, in red: 云州市关工委文件, 云州市关工委联席会议纪要
	Issuers []string // those who issue it together (联合行文), the lead first: their names stand in red, with Word beside them
	Word    string   // 文件
	Number  string   // 发文字号
	By, Day string   // above the red rule, as on minutes
	Title   string
	Date    string // below the title, as on a list
	To      string // 主送机关, without the colon
	Parts   []Part
	Table   *docx.Table
	Files   []string // 附件
	Signed  []string // 发文机关署名, one line each
	On      string   // 成文日期
	Copies  []string // 抄送
	Printer string   // 印发机关; with it and Printed the paper ends in 版记
	Printed string   // 印发日期
	Draft   string   // why it is no official paper yet
	At      time.Time
}

// Part is a stretch of text below a heading, or one paragraph behind a label such as 出席：.
type Part struct {
	Heading string
	Label   string
	Text    []string
}

// Name is what the paper is called: its title, or its mark when it has none.
func (p Paper) Name() string {
	if p.Title != "" {
		return p.Title
	}
	return p.Mark
}

// Docx is the paper as a Word document; the same paper gives the same bytes.
func (p Paper) Docx() ([]byte, error) {
	author := p.By
	if author == "" {
		author = strings.Join(p.Signed, " ")
	}
	d := docx.New(docx.Meta{Title: p.Name(), Author: author, Created: p.At})
	if p.Mark != "" {
		d.RedHead(docx.RedHead{Urgency: p.Urgency, Mark: p.Mark, Names: p.Issuers, Word: p.Word, Number: p.Number, Issuer: p.By, Issued: p.Day})
	}
	if p.Title != "" {
		d.Title(p.Title)
	}
	if p.Date != "" {
		d.DateLine(p.Date)
	}
	if p.To != "" {
		d.Addressee(p.To + "：")
	}
	for _, x := range p.Parts {
		if x.Heading != "" && len(x.Text) > 0 {
			d.Heading(1, x.Heading)
		}
		for _, t := range x.Text {
			if x.Label != "" {
				d.Labelled(x.Label, t)
				continue
			}
			d.Para(docx.Text(t))
		}
	}
	if p.Table != nil {
		d.Table(*p.Table)
	}
	d.Attachments(p.Files...)
	if len(p.Signed) > 0 || p.On != "" {
		d.Sign(p.Signed, p.On)
	}
	if p.Draft != "" {
		d.Note(1, p.Draft)
	}
	if p.Printer != "" {
		d.EndBlock(p.copies(), p.Printer, p.printed())
	}
	var b bytes.Buffer
	err := d.Write(&b)
	return b.Bytes(), err
}

// sign is what stands at the end: who issues it, and when.
func (p Paper) sign() []string {
	if p.On == "" {
		return p.Signed
	}
	return append(slices.Clone(p.Signed), p.On)
}

// copies are those who are sent a copy, as one sentence.
func (p Paper) copies() string {
	if len(p.Copies) == 0 {
		return ""
	}
	return "抄送：" + strings.Join(p.Copies, "，") + "。"
}

func (p Paper) printed() string {
	if p.Printed == "" {
		return ""
	}
	return p.Printed + "印发"
}

// files are the lines of 附件, numbered when there are several.
func (p Paper) files() []string {
	if len(p.Files) == 1 {
		return []string{"附件：" + p.Files[0]}
	}
	var out []string
	for i, f := range p.Files {
		line := strconv.Itoa(i+1) + "．" + f
		if i == 0 {
			line = "附件：" + line
		}
		out = append(out, line)
	}
	return out
}

// Page is the paper as a page, with what can be done about it.
func (p Paper) Page(acts ...ui.Button) ui.Document {
	out := ui.Document{Acts: acts, Intro: p.Draft, Title: p.Title, Sign: p.sign()}
	if p.Mark != "" {
		out.Head = &ui.PaperHead{Urgency: p.Urgency, Mark: p.Mark, Number: p.Number, By: p.By, Day: p.Day}
		if len(p.Issuers) > 1 {
			out.Head.Names, out.Head.Word = p.Issuers, p.Word
		}
	}
	if p.Printer != "" {
		out.End = &ui.PaperEnd{Copies: p.copies(), Printer: p.Printer, Printed: p.printed()}
	}
	if p.Date != "" {
		out.By = []string{p.Date}
	}
	if p.To != "" {
		out.To = p.To + "："
	}
	add := func(heading, text string) {
		out.Paras = append(out.Paras, ui.Para{ID: "p" + strconv.Itoa(len(out.Paras)+1), Heading: heading, Runs: []ui.Run{{Text: text}}})
	}
	for _, x := range p.Parts {
		for i, t := range x.Text {
			heading := ""
			if i == 0 {
				heading = x.Heading
			}
			add(heading, x.Label+t)
		}
	}
	if t := p.Table; t != nil {
		out.Table = &ui.Table{Caption: p.Name()}
		for i, h := range t.Header {
			out.Table.Columns = append(out.Table.Columns, ui.Column{Text: h, Label: i > 1}) // on a narrow screen, after number and text
		}
		for _, row := range t.Rows {
			r := ui.Row{}
			for _, cell := range row {
				r.Cells = append(r.Cells, ui.Text(cell))
			}
			out.Table.Rows = append(out.Table.Rows, r)
		}
	}
	for _, t := range p.files() {
		add("", t)
	}
	return out
}

// Send answers with the paper as a Word document named after it.
func (p Paper) Send(w http.ResponseWriter) error {
	data, err := p.Docx()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(p.Name()+".docx"))
	_, err = w.Write(data)
	return err
}
