package app

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"

	"xinhuo/internal/activity"
	"xinhuo/internal/kit/id"
)

// demoPhoto paints the n-th scene, so that photos of the demonstration show nobody: a lecture in a hall, or a walk to a monument.
func demoPhoto(n int, outdoors bool) io.Reader {
	const w, h = 640, 420
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	box := func(x0, y0, x1, y1 int, c color.RGBA) {
		draw.Draw(m, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	disc := func(cx, cy, r int, c color.RGBA) {
		for y := -r; y <= r; y++ {
			for x := -r; x <= r; x++ {
				if x*x+y*y <= r*r {
					m.SetRGBA(cx+x, cy+y, c)
				}
			}
		}
	}
	rgb := func(r, g, b uint8) color.RGBA { return color.RGBA{r, g, b, 255} }
	clothes := []color.RGBA{rgb(178, 60, 52), rgb(52, 92, 140), rgb(214, 160, 60), rgb(70, 120, 84), rgb(120, 84, 130)}
	hair, skin := rgb(52, 44, 42), rgb(224, 184, 150)
	if outdoors {
		box(0, 0, w, 250, rgb(176, 208, 228))
		for x := range w { // hills
			top := 190 + (x-320-n%7*20)*(x-320-n%7*20)/2600
			box(x, min(top, 250), x+1, 250, rgb(104, 142, 106))
		}
		box(0, 250, w, h, rgb(168, 176, 150))
		box(280, 60, 340, 250, rgb(206, 204, 198)) // the monument
		box(250, 236, 370, 262, rgb(180, 178, 172))
		box(300, 90, 320, 200, rgb(178, 60, 52))
	} else {
		box(0, 0, w, 250, rgb(236, 228, 212))
		box(0, 250, w, h, rgb(176, 148, 116))
		box(120, 50, 470, 190, rgb(44, 84, 70)) // the board, with what is written on it
		for i := range 3 {
			box(150, 80+i*34, 380-(i*37+n*13)%90, 86+i*34, rgb(226, 232, 224))
		}
		box(500, 150, 552, 262, rgb(120, 84, 60))
	}
	disc(525, 110, 20, rgb(196, 196, 196)) // who speaks: grey hair, seen from the front
	disc(525, 116, 16, skin)
	box(501, 134, 549, 250, rgb(72, 82, 104))
	for row := range 2 { // those who listen, from behind
		for i := range 7 {
			x, y := 60+i*86+row*40-(n*17)%30, 300+row*66
			box(x-26, y+20, x+26, y+90, clothes[(i*2+row+n)%len(clothes)])
			disc(x, y, 22, hair)
		}
	}
	for i := range 24 { // books on a shelf, or stones along the path: no two photos are the same
		tall := 8 + 12*(n>>i&1)
		if outdoors {
			box(20+i*9, 262-tall, 27+i*9, 262, rgb(150, 148, 140))
		} else {
			box(60+i*20, 248-tall, 74+i*20, 248, clothes[i%len(clothes)])
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, &jpeg.Options{Quality: 80}) // a buffer takes everything
	return &b
}

// pictured adds a photo to an activity and says who can be recognised on it: nobody, or children with the consent on paper.
// stopped: their guardian took it back since.
func (l *demoLoad) pictured(ctx context.Context, ref id.Ref, n int, outdoors bool, alt string, papers activity.Papers, stopped string) error {
	minors := activity.None
	if papers.Where != "" {
		minors = activity.Some
	}
	list, err := l.a.Activity.Keep(ctx, []activity.Upload{{File: demoPhoto(n, outdoors), Name: "IMG.jpg"}}, alt, minors)
	if err != nil {
		return err
	}
	if err := l.a.Activity.AddLater(ctx, ref, list); err != nil || minors == activity.None {
		return err
	}
	hashes := []string{list[0].Full}
	_, v, err := l.a.Activity.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := l.a.Activity.StatePhotos(ctx, ref, v.N, hashes, activity.Statement{Minors: minors, Papers: papers}); err != nil || stopped == "" {
		return err
	}
	return l.a.Activity.StopPhotos(ctx, ref, hashes, stopped)
}

// demoSheets paints sheets of paper on a table with lines, a red seal and a thumb's print, so that receipts of the demonstration name nobody.
func demoSheets(sheets int) io.Reader {
	const w, h = 640, 420
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	box := func(x0, y0, x1, y1 int, c color.RGBA) {
		draw.Draw(m, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	rgb := func(r, g, b uint8) color.RGBA { return color.RGBA{r, g, b, 255} }
	box(0, 0, w, h, rgb(150, 116, 84))
	wide := (w - 40) / sheets
	for n := range sheets {
		left := 30 + n*wide
		box(left+6, 36, left+wide-14, h-24, rgb(118, 90, 64)) // its shadow
		box(left, 30, left+wide-20, h-30, rgb(250, 248, 240))
		box(left+wide/2-60, 52, left+wide/2+40, 64, rgb(60, 60, 64))
		for i := range 7 {
			box(left+24, 92+i*32, left+wide-60-(i*53+n*29)%90, 98+i*32, rgb(120, 122, 128))
		}
		for y := -34; y <= 34; y++ { // the ring of the seal
			for x := -34; x <= 34; x++ {
				if d := x*x + y*y; d <= 34*34 && d >= 28*28 || d <= 6*6 {
					m.SetRGBA(left+wide-90+x, h-96+y, rgb(196, 48, 44))
				}
			}
		}
		for y := -14; y <= 14; y++ { // the print of a thumb
			for x := -9; x <= 9; x++ {
				if x*x*2+y*y <= 14*14 && (x+y)%4 != 0 {
					m.SetRGBA(left+60+x, h-80+y, rgb(208, 84, 76))
				}
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 82}); err != nil {
		panic(err) // memory takes it
	}
	return &b
}
