// Package judge asks a language model whether a reply answers a question, at
// any endpoint that speaks OpenAI's chat completions. Its answers are evidence
// beside the deterministic reading, never in its place.
//
// A mail's words are data: they stand in the user's part alone, between marks
// that they can't hold, and an answer whose quotation is not in the mail is
// refused.
package judge

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/shared"

	"touchstone/internal/evidence"
)

// An Answer says how far a reply answers a question.
type Answer string

// The answers.
const (
	Answered Answer = "answered"
	Partly   Answer = "partly"
	Not      Answer = "not"
	Else     Answer = "something-else" // it answers something else
)

// Answers lists them.
var Answers = []Answer{Answered, Partly, Not, Else}

// Config says whom to ask, and how much.
type Config struct {
	URL         string // up to and without "/chat/completions": "https://api.openai.com/v1"
	Key         string // may be empty: a server of one's own may want none
	Model       string
	PriceIn     float64       // for a million tokens, in whatever currency MaxCost is
	PriceOut    float64       // likewise
	Temperature float64       // 0 for the same answer again, as far as the model can
	Timeout     time.Duration // of one call
	MaxCalls    int           // in the client's life
	MaxCost     float64       // likewise; 0: no bound
}

// A Question is one thing to be judged: the words are what is sent.
type Question struct {
	Mail  evidence.Ref // the reply
	Ask   string
	Reply string
}

// A Judgement is what a model answered, or why its answer can't be used.
type Judgement struct {
	ID        string       `json:"id"`
	Mail      evidence.Ref `json:"mail"`
	Ask       string       `json:"ask"`
	Prompt    string       `json:"prompt"`
	Model     string       `json:"model"`            // that was asked for
	Served    string       `json:"served,omitempty"` // that the server says it was
	Sent      evidence.Ref `json:"sent"`             // SHA-256 of the reply's words as they were sent
	Answer    Answer       `json:"answer,omitempty"`
	Span      string       `json:"span,omitempty"` // words of the reply, as sent
	Reason    string       `json:"reason,omitempty"`
	Unusable  string       `json:"unusable,omitempty"`  // why there is no answer
	Instructs string       `json:"instructs,omitempty"` // words of the reply that seem to address the judge
	Calls     int          `json:"calls"`
	TokensIn  int64        `json:"tokens_in"`
	TokensOut int64        `json:"tokens_out"`
	Cost      float64      `json:"cost"`                // by the prices of the configuration
	Estimated bool         `json:"estimated,omitempty"` // the server did not count: tokens are the most that they can be
	At        time.Time    `json:"at"`
}

// Why a client asks no more.
var (
	ErrBudget      = errors.New("the budget is spent")
	ErrUnavailable = errors.New("the judge does not answer")
	ErrRefused     = errors.New("the judge's server refuses us")
)

// The bounds of one question.
const (
	maxTries  = 4
	maxWait   = time.Minute // for one retry, whatever the server asks for
	maxOut    = 1000        // tokens of an answer, what a model thinks to itself included
	maxAnswer = 1 << 20     // bytes of a response
	MaxReply  = 12 << 10    // bytes of a reply that are sent
)

// A Client asks one model. It is for one goroutine.
type Client struct {
	cfg   Config
	chat  openai.ChatCompletionService
	calls int
	spent float64

	Now   func() time.Time
	Wait  func(context.Context, time.Duration) error // between two tries
	Nonce func() string
}

// New makes a client. It takes nothing from the environment.
func New(cfg Config) *Client {
	opts := []option.RequestOption{
		option.WithBaseURL(cfg.URL), option.WithMaxRetries(0), // we count calls, so we repeat them
		option.WithHTTPClient(&http.Client{Transport: bounded{http.DefaultTransport}, CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("it redirects: write the address that answers itself")
		}}),
	}
	if cfg.Key != "" {
		opts = append(opts, option.WithAPIKey(cfg.Key))
	}
	return &Client{
		cfg: cfg, chat: openai.NewChatCompletionService(opts...),
		Now: time.Now, Wait: wait, Nonce: func() string { return rand.Text() },
	}
}

// Spent gives the calls made and what they cost, at most.
func (c *Client) Spent() (calls int, cost float64) { return c.calls, c.spent }

// ID names a question to a model in the words of this prompt: what has a
// judgement under it is not asked again.
func (c *Client) ID(q Question) string {
	h := sha256.New()
	for _, part := range []string{string(q.Mail), q.Ask, Prompt, c.cfg.Model} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// MostCost is the most that one call for a question can cost: a token is at
// least a byte.
func (c *Client) MostCost(q Question) float64 {
	in := len(system) + len(message(q.Ask, cut(q.Reply), c.Nonce)) + 1000 // the schema and what holds the parts together
	return c.cost(int64(in), maxOut)
}

func (c *Client) cost(in, out int64) float64 {
	return (float64(in)*c.cfg.PriceIn + float64(out)*c.cfg.PriceOut) / 1e6
}

// Ask gives the model's judgement. An answer that can't be used is a judgement
// too, with the reason in it; an error means that nothing was learned, and the
// question may be asked another time. ErrBudget and ErrRefused end the asking.
func (c *Client) Ask(ctx context.Context, q Question) (Judgement, error) {
	reply := cut(q.Reply)
	j := Judgement{
		ID: c.ID(q), Mail: q.Mail, Ask: q.Ask, Prompt: Prompt, Model: c.cfg.Model,
		Sent: evidence.RefOf([]byte(reply)), Instructs: Instructs(reply),
	}
	var last error
	for try := range maxTries {
		if err := c.afford(q); err != nil {
			return j, err
		}
		c.calls++
		j.Calls++
		got, err := c.call(ctx, q.Ask, reply)
		if err != nil {
			pause, verdict := c.failed(err, try)
			if ctx.Err() != nil {
				return j, ctx.Err()
			}
			if timedOut(err) { // it may have been answered, and charged
				c.spent += c.MostCost(q)
			}
			if last = verdict; !errors.Is(verdict, ErrUnavailable) {
				return j, verdict
			}
			if try == maxTries-1 {
				break
			}
			if err := c.Wait(ctx, pause); err != nil {
				return j, err
			}
			continue
		}
		c.charge(&j, q, got)
		again := false
		if again, j.Unusable = c.take(&j, got, reply); j.Unusable == "" || !again {
			j.At = c.Now().UTC()
			return j, nil
		}
		last = nil
	}
	if last != nil {
		return j, last
	}
	j.At = c.Now().UTC()
	return j, nil
}

// afford refuses a call that could break the budget.
func (c *Client) afford(q Question) error {
	if c.calls >= c.cfg.MaxCalls {
		return fmt.Errorf("%w: %d calls were made, max-calls allows no more", ErrBudget, c.calls)
	}
	if c.cfg.MaxCost > 0 && c.spent+c.MostCost(q) > c.cfg.MaxCost {
		return fmt.Errorf("%w: %.4f is spent, and the next call could pass max-cost, %.4f", ErrBudget, c.spent, c.cfg.MaxCost)
	}
	return nil
}

func (c *Client) call(ctx context.Context, ask, reply string) (*openai.ChatCompletion, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	return c.chat.New(ctx, openai.ChatCompletionNewParams{
		Model: c.cfg.Model,
		Messages: []openai.ChatCompletionMessageParamUnion{
			openai.SystemMessage(system), openai.UserMessage(message(ask, reply, c.Nonce)),
		},
		Temperature: param.NewOpt(c.cfg.Temperature), MaxCompletionTokens: param.NewOpt(int64(maxOut)),
		ResponseFormat: openai.ChatCompletionNewParamsResponseFormatUnion{
			OfJSONSchema: &shared.ResponseFormatJSONSchemaParam{
				JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{Name: "judgement", Strict: param.NewOpt(true), Schema: schema},
			},
		},
	})
}

// failed says what a failed call means, and how long to wait before the next.
func (c *Client) failed(err error, try int) (time.Duration, error) {
	pause := time.Second << try
	var api *openai.Error
	if !errors.As(err, &api) {
		// the network, a deadline, a body that is no JSON
		return pause, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	switch code := api.StatusCode; {
	case api.Code == "insufficient_quota":
		return 0, fmt.Errorf("%w: its account has no quota left: %s", ErrRefused, api.Message)
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code == http.StatusConflict, code >= 500:
		if api.Response != nil {
			pause = max(pause, retryAfter(api.Response.Header.Get("Retry-After"), c.Now()))
		}
		if pause > maxWait {
			return 0, fmt.Errorf("%w: HTTP %d, and it wants us back in %s: run this again then", ErrRefused, code, pause.Round(time.Second))
		}
		return pause, fmt.Errorf("%w: HTTP %d %s", ErrUnavailable, code, api.Message)
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return 0, fmt.Errorf("%w: HTTP %d %s: check the key that judge.key names", ErrRefused, code, api.Message)
	case code == http.StatusNotFound:
		return 0, fmt.Errorf("%w: HTTP 404 %s: check judge.url and judge.model", ErrRefused, api.Message)
	default:
		return 0, fmt.Errorf("%w: HTTP %d %s", ErrRefused, code, api.Message)
	}
}

// retryAfter reads the header of that name: seconds, or a date (RFC 9110).
func retryAfter(value string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && n >= 0 && n < 1e6 {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(value); err == nil {
		return max(t.Sub(now), 0)
	}
	return 0
}

func timedOut(err error) bool {
	var net interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &net) && net.Timeout()
}

// charge counts what a call cost.
func (c *Client) charge(j *Judgement, q Question, got *openai.ChatCompletion) {
	in, out := got.Usage.PromptTokens, got.Usage.CompletionTokens
	cost := c.cost(in, out)
	if in <= 0 || out < 0 {
		in, out, cost, j.Estimated = 0, 0, c.MostCost(q), true
	}
	j.TokensIn, j.TokensOut, j.Cost, j.Served = j.TokensIn+in, j.TokensOut+out, j.Cost+cost, got.Model
	c.spent += cost
}

// take reads an answer into the judgement, or says why it can't be used, and
// whether another try may do better.
func (c *Client) take(j *Judgement, got *openai.ChatCompletion, reply string) (again bool, unusable string) {
	if len(got.Choices) == 0 {
		return true, "the model gave no choice"
	}
	said := got.Choices[0]
	switch {
	case said.Message.Refusal != "":
		return false, "the model refused: " + clip(said.Message.Refusal)
	case said.FinishReason == "content_filter":
		return false, "the provider's filter withheld the answer"
	case said.FinishReason == "length":
		return true, "the answer was cut off"
	case strings.TrimSpace(said.Message.Content) == "":
		return true, "the answer is empty"
	}
	var v struct {
		Answer *Answer `json:"answer"`
		Span   *string `json:"span"`
		Reason *string `json:"reason"`
	}
	d := json.NewDecoder(bytes.NewReader([]byte(said.Message.Content)))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return true, "the answer is not the JSON that was asked for: " + clip(err.Error())
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return true, "the answer holds more than the JSON that was asked for"
	}
	switch {
	case v.Answer == nil || v.Span == nil || v.Reason == nil:
		return true, "the answer lacks a part"
	case !slices.Contains(Answers, *v.Answer):
		return true, fmt.Sprintf("%q is no answer that was offered", clip(string(*v.Answer)))
	case strings.TrimSpace(*v.Span) == "" && (*v.Answer == Answered || *v.Answer == Partly):
		return true, "it quotes nothing for what it says is answered"
	case !holds(reply, *v.Span):
		return true, "its quotation is not in the reply: " + clip(*v.Span)
	}
	j.Answer, j.Span, j.Reason = *v.Answer, *v.Span, clip(*v.Reason)
	return false, ""
}

// holds reports whether a text holds a quotation, white space and the shape of
// quotation marks aside.
func holds(text, quoted string) bool { return strings.Contains(folded(text), folded(quoted)) }

var marks = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "„", `"`)

func folded(s string) string { return strings.Join(strings.Fields(marks.Replace(s)), " ") }

// cut bounds what is sent of a reply.
func cut(s string) string {
	if len(s) > MaxReply {
		s = s[:MaxReply]
	}
	return strings.ToValidUTF8(s, "")
}

// clip bounds what is kept of a stranger's words.
func clip(s string) string {
	if len(s) > 500 {
		s = strings.ToValidUTF8(s[:500], "") + "…"
	}
	return s
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// bounded keeps a server from filling the memory.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	}
	return resp, err
}
