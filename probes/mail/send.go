package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"touchstone/probes"
)

// Send hands one letter to the relay, once, for its one recipient. Whatever
// happens is data: it never fails, it says which state the letter is in.
//
// Up to the end of the mail's bytes nothing was accepted, so a failure is
// Deferred (or Refused, where the server says so for good). After it, only a
// reply code decides; without one the letter is Uncertain, and nobody may
// send it again.
func (a Account) Send(ctx context.Context, l probes.Letter) probes.Delivery {
	d := a.send(ctx, l)
	if ctx.Err() != nil && d.State == probes.Deferred && d.Code == 0 { // we hung up, whatever the line says
		d = probes.Delivery{State: probes.Deferred, Detail: "stopped before the mail was sent"}
	}
	d.Detail = a.SMTP.redactText(d.Detail)
	level := a.log().Debug
	if d.Ours {
		level = a.log().Warn
	}
	level("mail handed to the relay", "server", a.SMTP.Addr(), "message_id", l.MessageID, "state", d.State, "code", d.Code, "detail", d.Detail)
	return d
}

func (a Account) send(ctx context.Context, l probes.Letter) probes.Delivery {
	p := a.waits()
	c, conn, err := a.submission(ctx)
	if err != nil {
		return ourFault(err)
	}
	defer conn.Close()
	hangUp := context.AfterFunc(ctx, func() { conn.Close() })
	defer hangUp()

	c.SkipSMTPUTF8(ascii(l.From) && ascii(l.To))
	_ = conn.SetDeadline(time.Now().Add(p.command))
	if err := c.Mail("<" + l.From + ">"); err != nil {
		// The relay objects to us: the recipient was not even named.
		return ourFault(a.SMTP.fault(SenderRejected, "sender "+l.From, err, "check that the account may send from this address"))
	}
	_ = conn.SetDeadline(time.Now().Add(p.command))
	if err := c.Rcpt("<" + l.To + ">"); err != nil {
		return a.verdict("recipient "+l.To, err)
	}
	_ = conn.SetDeadline(time.Now().Add(p.command))
	body, err := c.Data()
	if err != nil {
		return a.verdict("DATA", err)
	}
	if !hangUp() { // we were asked to stop while it was still without effect
		return ourFault(ctx.Err())
	}

	// From here on hanging up would leave the letter uncertain: the verdict is
	// waited for, a little even when we are asked to stop.
	_ = conn.SetDeadline(time.Now().Add(p.dot))
	hurry := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now().Add(p.grace)) })
	defer hurry()
	if _, err := body.Write(l.Raw); err != nil {
		return a.uncertain("the line broke while the mail was being sent", err)
	}
	if err := body.Close(); err != nil {
		var reply *textproto.Error
		switch {
		case !errors.As(err, &reply):
			return a.uncertain("the mail was sent, and the answer never came", err)
		case reply.Code/100 == 2: // accepted, with an unusual code
			return probes.Delivery{State: probes.Accepted, Code: reply.Code, Detail: replyText(reply)}
		}
		return a.verdict("mail", err)
	}
	hurry()
	d := probes.Delivery{State: probes.Accepted, Code: 250}
	if data, ok := body.(*smtp.DataCloser); ok {
		d.Detail = "250 " + data.ServerResponse()
	}
	quit(c, conn)
	return d
}

// verdict turns a failure before acceptance into a state. Without a reply code
// the line broke, and nothing was accepted yet.
func (a Account) verdict(doing string, err error) probes.Delivery {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return ourFault(a.SMTP.fault(Unreachable, doing, err, "try again later"))
	}
	d := probes.Delivery{State: probes.Deferred, Code: reply.Code, Detail: replyText(reply)}
	if reply.Code >= 500 {
		d.State = probes.Refused
	}
	return d
}

func (a Account) uncertain(what string, err error) probes.Delivery {
	return probes.Delivery{State: probes.Uncertain, Detail: fmt.Sprintf("%s: %s: %v", a.SMTP.Addr(), what, err)}
}

// ourFault is a letter that surely was not sent, through no fault of the site.
func ourFault(err error) probes.Delivery {
	d := probes.Delivery{State: probes.Deferred, Ours: true, Detail: err.Error()}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		d.Code = reply.Code
	}
	return d
}

func replyText(reply *textproto.Error) string {
	return fmt.Sprintf("%d %s", reply.Code, strings.Join(strings.Fields(reply.Msg), " "))
}

// quit says good-bye without waiting long: the letter's fate is known.
func quit(c *smtp.Client, conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	_ = c.Quit()
	conn.Close()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
