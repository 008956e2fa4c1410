package driver

import (
	"bytes"
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdpio "github.com/chromedp/cdproto/io"
	"github.com/chromedp/cdproto/page"
)

// PDF prints the page on the paper that its style sheet names. Unless it is a
// draft it is tagged for screen readers, with the headings as an outline.
func (p *Page) PDF(ctx context.Context, draft bool) ([]byte, error) {
	r, err := cdp.Call(ctx, p.s, page.PrintToPDF, page.PrintToPDFParams{
		PrintBackground: new(true), PreferCSSPageSize: new(true), GenerateTaggedPDF: new(!draft), GenerateDocumentOutline: new(!draft),
		TransferMode: page.PrintToPDFTransferModeReturnAsStream, // a long report is too much for one message
	})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for {
		part, err := cdp.Call(ctx, p.s, cdpio.Read, cdpio.ReadParams{Handle: r.Stream})
		if err != nil {
			return nil, err
		}
		out.Write(part.Data)
		if part.EOF {
			p.s.post("IO.close", cdpio.CloseParams{Handle: r.Stream})
			return out.Bytes(), nil
		}
	}
}

// Resize gives the window that many CSS pixels, each drawn as scale × scale.
func (p *Page) Resize(ctx context.Context, width, height int, scale float64) error {
	_, err := cdp.Call(ctx, p.s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: int64(height), DeviceScaleFactor: scale})
	return err
}
