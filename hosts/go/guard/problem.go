package guard

import (
	"encoding/json"
	"net/http"
)

var problems = map[string]struct {
	status int
	detail string
}{
	"missing-token":          {401, "no token was sent; send one where this service expects it, by default as bearer token"},
	"oversized-token":        {401, "the token or its header is longer than 8,192 characters; send a smaller token"},
	"invalid-token":          {401, "the token is malformed or not valid here; sign in again"},
	"expired-token":          {401, "the token is expired; get a new one"},
	"wrong-issuer":           {401, "the token is from another issuer; sign in here"},
	"wrong-audience":         {401, "the token is for another audience; get one for this service"},
	"revoked-token":          {401, "the token was revoked; sign in again"},
	"stale-token":            {401, "the token belongs to a version of the policy that is no longer in force; get a new one"},
	"denied":                 {403, "this is not allowed"},
	"undecided":              {403, "whether this is allowed depends on an unknown fact"},
	"obligation-owed":        {403, "this has an obligation that was not fulfilled"},
	"conflicting-choice":     {403, "the roles of the subject conflict"},
	"invalid-facts":          {500, "the facts of the subject do not match the policy"},
	"keys-unavailable":       {503, "the issuer's keys are unavailable"},
	"facts-unavailable":      {503, "the facts of the subject are unavailable"},
	"revocation-unavailable": {503, "the revocation status of the token is unavailable"},
}

// Problem is a refused request. Its response tells nothing of the policy, and neither it nor Error contains the token.
type Problem struct {
	Code   string
	Status int
	Detail string
	// Err is what happened, for logs.
	Err error
}

func problem(code string, err error) *Problem {
	found := problems[code]
	return &Problem{Code: code, Status: found.status, Detail: found.detail, Err: err}
}

func (p *Problem) Error() string {
	if p.Err == nil {
		return "privet: " + p.Code
	}
	return "privet: " + p.Code + ": " + p.Err.Error()
}

func (p *Problem) Unwrap() error { return p.Err }

// Write writes the response: problem details of RFC 9457, with a challenge for a 401.
func (p *Problem) Write(response http.ResponseWriter) {
	header := response.Header()
	header.Set("Content-Type", "application/problem+json")
	header.Set("Cache-Control", "no-store")
	if p.Status == http.StatusUnauthorized {
		challenge := `Bearer realm="privet"`
		if p.Code != "missing-token" {
			challenge += `, error="invalid_token"`
		}
		header.Set("WWW-Authenticate", challenge)
	}
	body, _ := json.Marshal(map[string]any{ // texts and a number: this cannot fail
		"type": "about:blank", "title": http.StatusText(p.Status), "status": p.Status, "code": p.Code, "detail": p.Detail,
	})
	response.WriteHeader(p.Status)
	_, _ = response.Write(body)
}
