// Package guard guards requests as `privet/edge` does: it verifies the JWT of a request and decides by the token in it.
//
//	orders, err := guard.New(guard.Options{Policies: []*privet.Policy{policy}, Key: publicKey,
//		Issuer: "https://id.shop.example", Audience: "https://api.shop.example", Algorithms: []string{"ES256"}})
//	http.Handle("GET /orders", orders.Handler("orders.list", list))
package guard

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	privet "github.com/privet-policy/privet/hosts/go"
)

const (
	mostLetters   = 8192
	layoutLetters = 12
)

// Claims are the claims of a verified JWT.
type Claims = jwt.MapClaims

// Options are those of a guard. Policies, Issuer, Audience, Algorithms and Key or Keys are required.
type Options struct {
	// Policies, the newest first: the first one with the layout of a token decides alone.
	Policies []*privet.Policy
	// Key is the issuer's public key: an *ecdsa.PublicKey, an *rsa.PublicKey or an ed25519.PublicKey, as the algorithms are.
	Key crypto.PublicKey
	// Keys finds the key of a JWT instead, for example in the JWKS of the issuer. An error refuses the request with 503.
	Keys     jwt.Keyfunc
	Issuer   string
	Audience string
	// Algorithms are those of the issuer, such as "ES256"; only signatures by public keys.
	Algorithms []string
	// Claim has the token; "privet" by default.
	Claim string
	// Facts are the current facts of a person. What it does not give is unknown.
	Facts func(*http.Request, Claims) (map[string]any, error)
	// Revoked tells whether claims are revoked.
	Revoked func(*http.Request, Claims) (bool, error)
	// OnProblem is told of errors that are not the client's; slog by default.
	OnProblem func(error)
	// Clock replaces time.Now, for tests.
	Clock func() time.Time
}

// Guard verifies tokens and decides. Nothing is allowed by default. Goroutines may share it.
type Guard struct {
	options Options
	parser  *jwt.Parser
}

var asymmetric = []string{"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"}

// fits tells whether a key is the public key of an algorithm.
func fits(key crypto.PublicKey, algorithm string) bool {
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		curve := map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}[algorithm]
		return key != nil && curve != nil && key.Curve == curve
	case *rsa.PublicKey:
		return key != nil && key.N != nil && key.N.BitLen() >= 2048 && (strings.HasPrefix(algorithm, "RS") || strings.HasPrefix(algorithm, "PS"))
	case ed25519.PublicKey:
		return len(key) == ed25519.PublicKeySize && algorithm == "EdDSA"
	}
	return false
}

func invalid(option, fault string) error {
	return &privet.Error{Code: "invalid-options", ID: option, Message: "option `" + option + "` " + fault}
}

// New makes a guard. The code of an error is "invalid-options", and its ID is the option that is missing, unsafe or wrong.
func New(options Options) (*Guard, error) {
	if len(options.Policies) == 0 || slices.Contains(options.Policies, nil) {
		return nil, invalid("Policies", "must have the policy that decides, and no nil")
	}
	if options.Issuer == "" {
		return nil, invalid("Issuer", "is required: without it, tokens of any issuer with the key would pass")
	}
	if options.Audience == "" {
		return nil, invalid("Audience", "is required: without it, tokens for other services would pass")
	}
	if len(options.Algorithms) == 0 {
		return nil, invalid("Algorithms", "must have those of the issuer, such as ES256")
	}
	for _, name := range options.Algorithms {
		if !slices.Contains(asymmetric, name) {
			return nil, invalid("Algorithms", fmt.Sprintf("has %q, which is no signature by a public key; name one of %s", name, strings.Join(asymmetric, ", ")))
		}
		if options.Keys == nil && !fits(options.Key, name) {
			return nil, invalid("Key", "is no public key for "+name+": an *ecdsa.PublicKey of its curve, an *rsa.PublicKey of 2,048 bits, or an ed25519.PublicKey")
		}
	}
	if options.Key != nil && options.Keys != nil {
		return nil, invalid("Keys", "cannot be given with Key")
	}
	if options.Claim == "" {
		options.Claim = "privet"
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	if options.OnProblem == nil {
		options.OnProblem = func(err error) { slog.Error("privet", "error", err) }
	}
	parser := jwt.NewParser(jwt.WithValidMethods(options.Algorithms), jwt.WithoutClaimsValidation())
	return &Guard{options, parser}, nil
}

// Session is the session of a request. Its error is a *Problem.
func (g *Guard) Session(request *http.Request) (*privet.Session, error) {
	token, err := bearer(request.Header.Values("Authorization"))
	if err != nil {
		return nil, err
	}
	claims, err := g.verified(token)
	if err != nil {
		return nil, err
	}
	text, ok := claims[g.options.Claim].(string)
	if !ok {
		return nil, problem("invalid-token", fmt.Errorf("the claim %q is missing", g.options.Claim))
	}
	if g.options.Revoked != nil {
		switch isRevoked, err := g.options.Revoked(request, claims); {
		case err != nil:
			return nil, g.failed("revocation-unavailable", err)
		case isRevoked:
			return nil, problem("revoked-token", nil)
		}
	}
	facts := map[string]any{}
	if g.options.Facts != nil {
		if facts, err = g.options.Facts(request, claims); err != nil {
			return nil, g.failed("facts-unavailable", err)
		}
	}
	policy := g.options.Policies[0]
	for _, one := range g.options.Policies {
		if strings.HasPrefix(text, one.Layout) && len(one.Layout) == layoutLetters {
			policy = one
			break
		}
	}
	session, err := policy.Restore(text, facts)
	switch code := privet.CodeOf(err); {
	case err == nil:
		return session, nil
	case code == "invalid-token" || code == "stale-token" || code == "conflicting-choice":
		return nil, problem(code, err)
	default:
		return nil, g.failed("invalid-facts", err)
	}
}

// Require is the session of a request to which an operation is allowed. Discharged are the obligations that the handler fulfils;
// others that are owed refuse the request. Its error is a *Problem, or for an operation that no policy has an *privet.Error.
func (g *Guard) Require(request *http.Request, operation string, discharged ...string) (*privet.Session, error) {
	if err := g.known(operation); err != nil {
		return nil, err
	}
	session, err := g.Session(request)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(session.Policy.Operations, operation) {
		return nil, problem("stale-token", fmt.Errorf("the token is older than %q", operation))
	}
	decision, err := session.Decide(operation)
	if err != nil {
		return nil, err
	}
	switch decision.Verdict {
	case privet.Allowed:
	case privet.Undecided:
		return nil, problem("undecided", fmt.Errorf("%q is undecided", operation))
	default:
		return nil, problem("denied", fmt.Errorf("%q is denied", operation))
	}
	for _, owed := range decision.Obligations {
		if !slices.Contains(discharged, owed) {
			return nil, problem("obligation-owed", fmt.Errorf("%q owes %q", operation, owed))
		}
	}
	return session, nil
}

type contextKey struct{}

// Handler calls next for requests to which an operation is allowed, with the session in their context; it answers others. The session
// is closed after the request. It panics for an operation that no policy has, when the routes are made.
func (g *Guard) Handler(operation string, next http.Handler, discharged ...string) http.Handler {
	if err := g.known(operation); err != nil {
		panic(err)
	}
	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		session, err := g.Require(request, operation, discharged...)
		var refused *Problem
		switch {
		case errors.As(err, &refused):
			refused.Write(response)
		case err != nil:
			g.options.OnProblem(err)
			http.Error(response, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		default:
			defer session.Close()
			next.ServeHTTP(response, request.WithContext(context.WithValue(request.Context(), contextKey{}, session)))
		}
	})
}

// FromContext is the session of a request behind Handler; nil elsewhere.
func FromContext(ctx context.Context) *privet.Session {
	session, _ := ctx.Value(contextKey{}).(*privet.Session)
	return session
}

// known is an error for an operation that no policy has.
func (g *Guard) known(operation string) error {
	for _, policy := range g.options.Policies {
		if slices.Contains(policy.Operations, operation) {
			return nil
		}
	}
	session, err := g.options.Policies[0].Session(privet.Subject{})
	if err == nil {
		_, err = session.Decide(operation)
	}
	return err
}

func (g *Guard) failed(code string, err error) *Problem {
	g.options.OnProblem(err)
	return problem(code, err)
}

func (g *Guard) verified(token string) (Claims, error) {
	if !compact.MatchString(token) {
		return nil, problem("invalid-token", errors.New("not a compact JWS"))
	}
	var unavailable error
	// Of golang-jwt only the signature: the header and the claims are read by the rule of all guards
	_, err := g.parser.Parse(token, func(parsed *jwt.Token) (any, error) {
		if g.options.Keys == nil {
			return g.options.Key, nil
		}
		key, err := g.options.Keys(parsed)
		unavailable = err
		return key, err
	})
	if unavailable != nil {
		return nil, g.failed("keys-unavailable", unavailable)
	}
	if err != nil {
		return nil, problem("invalid-token", err)
	}
	claims, err := claimsOf(token)
	if err != nil {
		return nil, problem("invalid-token", err)
	}
	if refused := g.check(claims, g.options.Clock()); refused != nil {
		return nil, refused
	}
	return claims, nil
}

func bearer(headers []string) (string, error) {
	switch {
	case len(headers) == 0:
		return "", problem("missing-token", nil)
	case len(headers) > 1:
		return "", problem("invalid-token", errors.New("several Authorization headers were sent"))
	case len(headers[0]) > mostLetters:
		return "", problem("oversized-token", nil)
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "bearer") || token == "" {
		return "", problem("missing-token", nil)
	}
	return token, nil
}
