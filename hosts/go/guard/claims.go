package guard

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// The header and the claims of a JWT whose signature is valid are read by the rule of all guards (docs/host.md).

const (
	mostDepth   = 127
	mostSeconds = 1<<53 - 1
	part        = `(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{4}|[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])`
)

// compact is a compact JWS whose parts are canonical base64url.
var compact = regexp.MustCompile(`^` + part + `\.` + part + `\.` + part + `$`)

// claimsOf reads the claims of a JWT, and its header, which must not have `crit`: no extension is understood.
func claimsOf(token string) (Claims, error) {
	parts := strings.Split(token, ".")
	header, err := parse(parts[0])
	if err != nil {
		return nil, err
	}
	if _, ok := header["crit"]; ok {
		return nil, errors.New("`crit` is not understood")
	}
	return parse(parts[1])
}

// parse parses a JSON object: in UTF-8, no name twice in an object, numbers of 64-bit floats, 127 levels at most.
func parse(part string) (map[string]any, error) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) || !json.Valid(text) {
		return nil, errors.New("not JSON in UTF-8")
	}
	value, err := valueOf(json.NewDecoder(bytes.NewReader(text)), 0)
	if err != nil {
		return nil, err
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("not an object")
	}
	return object, nil
}

// valueOf reads the next value of valid JSON.
func valueOf(decoder *json.Decoder, depth int) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth++; depth > mostDepth {
		return nil, errors.New("too many levels")
	}
	list, object := []any{}, map[string]any{}
	for decoder.More() {
		name := ""
		if delim == '{' {
			token, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			name = token.(string) // the JSON is valid
			if _, ok := object[name]; ok {
				return nil, fmt.Errorf("%q comes twice in an object", name)
			}
		}
		value, err := valueOf(decoder, depth)
		if err != nil {
			return nil, err
		}
		if delim == '{' {
			object[name] = value
		} else {
			list = append(list, value)
		}
	}
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	if delim == '{' {
		return object, nil
	}
	return list, nil
}

// check checks the registered claims at a time.
func (g *Guard) check(claims Claims, now time.Time) *Problem {
	for _, name := range []string{"iss", "sub", "jti"} {
		if value, ok := claims[name]; ok && !isText(value) {
			return problem("invalid-token", fmt.Errorf("%q is no text", name))
		}
	}
	audiences, isList := claims["aud"].([]any)
	if !isList {
		audiences = []any{claims["aud"]}
	}
	found := false
	for _, one := range audiences {
		if !isText(one) {
			return problem("invalid-token", errors.New("`aud` is missing, or no text and no list of texts"))
		}
		found = found || one == g.options.Audience
	}
	times := map[string]float64{}
	for _, name := range []string{"exp", "nbf", "iat"} {
		if value, ok := claims[name]; ok {
			seconds, ok := value.(float64)
			if !ok || math.Abs(seconds) > mostSeconds {
				return problem("invalid-token", fmt.Errorf("%q is no number of seconds", name))
			}
			times[name] = seconds
		}
	}
	exp, isEnding := times["exp"]
	switch seconds := float64(now.UnixNano()) / 1e9; {
	case !isEnding || claims["iss"] == nil:
		return problem("invalid-token", errors.New("`exp` and `iss` are required"))
	case claims["iss"] != g.options.Issuer:
		return problem("wrong-issuer", nil)
	case !found:
		return problem("wrong-audience", nil)
	case !(seconds < exp):
		return problem("expired-token", nil)
	case !(times["nbf"] <= seconds):
		return problem("invalid-token", errors.New("the token is not valid yet"))
	}
	return nil
}

func isText(value any) bool {
	_, ok := value.(string)
	return ok
}
