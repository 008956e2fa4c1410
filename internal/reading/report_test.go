package reading

import "testing"

// Reports of failure as the usual mail systems write them, told in our own
// words, with what headers they have and lack.
func TestReportsOfMailSystems(t *testing.T) {
	const to, id = "To: p7@probe.example", "Message-ID: <b1@mx.example>"
	for _, c := range []struct {
		name string
		mail []string
		want Class
	}{
		{"Postfix", []string{"Return-Path: <>", "From: MAILER-DAEMON@mx.example (Mail Delivery System)", to, "Subject: Undelivered Mail Returned to Sender", "", "This is the mail system at host mx.example.", "", "Your message could not be handed to one or more recipients.", "", "<info@shop.example>: host mail.shop.example said: 550 5.1.1 no such user here"}, Bounce},
		{"Exim", []string{"Return-Path: <>", "X-Failed-Recipients: info@shop.example", "Auto-Submitted: auto-replied", "From: Mail Delivery System <Mailer-Daemon@host.example>", to, "Subject: Mail delivery failed: returning message to sender", "", "A message that you sent was not handed to all of its recipients.", "", "  info@shop.example", "    Unrouteable address"}, Bounce},
		{"Exim, waiting", []string{"Return-Path: <>", "Auto-Submitted: auto-replied", "From: Mail Delivery System <Mailer-Daemon@host.example>", to, "Subject: Warning: message 1abc-2 delayed 24 hours", "", "It has been in the queue for a day. No action is asked of you: it will keep trying."}, Delay},
		{"qmail", []string{"From: MAILER-DAEMON@mx.example", to, "Subject: failure notice", "", "Hi. This is the program that sends mail at mx.example.", "It could not place yours.", "", "<info@shop.example>:", "Sorry, there is no mailbox here by that name. (#5.1.1)"}, Bounce},
		{"Sendmail", []string{"Return-Path: <MAILER-DAEMON>", "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>", to, "Subject: Returned mail: see transcript for details", "", "   ----- fatal errors -----", "<info@shop.example>", "    (reason: 550 User unknown)"}, Bounce},
		{"Exchange", []string{"From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@shop.example>", to, "Subject: Undeliverable: Question", id, "", "Delivery has failed to these recipients or groups:", "", "info@shop.example", "The address was not found at the place that it names.", "", "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'"}, Bounce},
		{"Exchange, German", []string{"Return-Path: <>", "From: postmaster@shop.example", to, "Subject: Unzustellbar: Frage", "Content-Type: text/plain; charset=utf-8", "", "Fehler bei der Nachrichtenzustellung an folgende Empfänger:", "info@shop.example", "550 5.1.1"}, Bounce},
		{"Exchange, French", []string{"From: Postmaster <postmaster@shop.example>", to, "Subject: =?utf-8?Q?Non_remis_:_Question?=", "Content-Type: text/plain; charset=utf-8", "", "Échec de la remise à ces destinataires :", "info@shop.example"}, Bounce},
		{"Exchange, Spanish", []string{"From: postmaster@shop.example", to, "Subject: =?utf-8?Q?No_se_puede_entregar:_Pregunta?=", "Content-Type: text/plain; charset=utf-8", "", "No se pudo entregar el mensaje a estos destinatarios:", "info@shop.example"}, Bounce},
		{"Exchange, Italian", []string{"From: postmaster@shop.example", to, "Subject: Non recapitabile: Domanda", "", "Recapito non riuscito per i destinatari:", "info@shop.example"}, Bounce},
		{"Exchange, Dutch", []string{"From: postmaster@shop.example", to, "Subject: Onbestelbaar: Vraag", "", "De bezorging is mislukt voor deze geadresseerden:", "info@shop.example"}, Bounce},
		{"Exchange, Portuguese", []string{"From: postmaster@shop.example", to, "Subject: =?utf-8?Q?N=C3=A3o_=C3=A9_poss=C3=ADvel_entregar:_Pergunta?=", "Content-Type: text/plain; charset=utf-8", "", "Falha na entrega para estes destinatários:", "info@shop.example"}, Bounce},
		{"Gmail", []string{"Return-Path: <>", "From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>", to, "Auto-Submitted: auto-replied", "Subject: Delivery Status Notification (Failure)", "X-Failed-Recipients: info@shop.example", "", "** Address not found **", "", "Your message wasn't handed to info@shop.example, since the address can't be found."}, Bounce},
		{"Gmail, waiting", []string{"Return-Path: <>", "From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>", to, "Subject: Delivery Status Notification (Delay)", "", "** Delivery incomplete **", "", "There was a temporary problem. It will be tried for 45 more hours."}, Delay},
		{"Yahoo", []string{"From: MAILER-DAEMON@mail.example", to, "Subject: Failure Notice", "", "Sorry, your message to info@shop.example cannot be delivered. This account has been disabled or discontinued.", "", "--- Below this line is a copy of the message."}, Bounce},
		{"Domino", []string{"Return-Path: <>", "From: Postmaster@shop.example", to, "Subject: DELIVERY FAILURE: User info (info@shop.example) not listed in Domino Directory", "", "Your message", "", "  Subject: Question", "", "was not delivered to:", "", "  info@shop.example"}, Bounce},
		{"GroupWise", []string{"From: Mailer-Daemon@shop.example", to, "Subject: Mail Delivery Failure", "", "The message that you sent was undeliverable to the following:", "\tinfo (user not found)"}, Bounce},
		{"SES", []string{"Return-Path: <>", "From: MAILER-DAEMON@amazonses.example", to, "Subject: Delivery Status Notification (Failure)", "", "An error occurred while trying to deliver the mail to the following recipients:", "info@shop.example"}, Bounce},
		{"MailEnable", []string{"From: Postmaster <postmaster@shop.example>", to, "Subject: Message Delivery Failure", "", "MailEnable: could not deliver your message. Reason: ME-E0036: no such mailbox", "", "Recipient: [SMTP:info@shop.example]"}, Bounce},
		{"a hosting panel", []string{"X-Failed-Recipients: info@shop.example", "From: cPanel on host.example <root@host.example>", to, "Subject: Mail failure - no such user", "", "No Such User Here"}, Bounce},
		{"without a return path, the sender a machine's", []string{"From: Mail Delivery System <noreply@host.example>", to, "Subject: Undeliverable message", "", "<info@shop.example>: user unknown"}, Bounce},
		{"full mailbox", []string{"Return-Path: <>", "From: MAILER-DAEMON@mx.example", to, "Subject: Returned mail", "", "info@shop.example: 552 5.2.2 mailbox full, quota exceeded"}, Bounce},
		{"a provider's German page", []string{"Return-Path: <>", "From: Mail Delivery System <mailer-daemon@kundenserver.example>", to, "Subject: Mail delivery failed: returning message to sender", "Content-Type: text/plain; charset=utf-8", "", "Die Nachricht, die Sie verschickt haben, konnte nicht zugestellt werden.", "info@shop.example: 550 unbekannter Empfänger"}, Bounce},
		{"a person about a bounce", []string{"From: Anna <anna@shop.example>", to, "Subject: Re: Question", "In-Reply-To: <1@probe.example>", "", "Our last mail to you came back as undeliverable, so here it is again: yes, in size 42."}, Human},
		{"a person with a parcel that came back", []string{"From: Anna <anna@shop.example>", to, "Subject: Delivery failed: your parcel", "", "The carrier could not find your house. Which number is it?"}, Human},
		{"a postmaster who answers", []string{"From: Postmaster <postmaster@shop.example>", to, "Subject: Re: Question", "In-Reply-To: <1@probe.example>", "", "Hello Given, yes, we have it in size 42, and in blue, too."}, Human},
		{"a complaint (RFC 5965)", []string{"Return-Path: <>", "From: abuse@provider.example", to, "Subject: FW: Question", "MIME-Version: 1.0", `Content-Type: multipart/report; report-type=feedback-report; boundary="b"`, "", "--b", "Content-Type: text/plain", "", "This is an email abuse report.", "", "--b", "Content-Type: message/feedback-report", "", "Feedback-Type: abuse", "User-Agent: Any/1.0", "Version: 1", "", "--b", "Content-Type: message/rfc822", "", "From: p7@probe.example", "Subject: Question", "", "Hello", "--b--"}, Notice},
	} {
		m := Parse(mail(c.mail...))
		if v := Judge(m); v.Class != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, v.Class, v.Rule, c.want)
		}
	}
}
