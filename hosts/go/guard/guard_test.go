package guard_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	privet "github.com/privet-policy/privet/hosts/go"
	"github.com/privet-policy/privet/hosts/go/guard"
)

type answer struct {
	Status    int     `json:"status"`
	Code      string  `json:"code"`
	Title     string  `json:"title"`
	Detail    string  `json:"detail"`
	Challenge *string `json:"challenge"`
}

type file struct {
	Pack             []byte
	Issuer, Audience string
	Algorithm, Pem   string
	Cases            []testCase
}

type testCase struct {
	Why           string
	Authorization []string
	Operation     string
	Facts         map[string]any
	Discharges    []string
	Is            answer
}

func setUp(t *testing.T) (file, guard.Options) {
	t.Helper()
	var file file
	text, err := os.ReadFile("../../test/guard.json")
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil {
		t.Fatal(err)
	}
	policy, err := privet.Open(file.Pack)
	if err != nil {
		t.Fatal(err)
	}
	key, err := jwt.ParseECPublicKeyFromPEM([]byte(file.Pem))
	if err != nil {
		t.Fatal(err)
	}
	return file, guard.Options{Policies: []*privet.Policy{policy}, Key: key, Issuer: file.Issuer, Audience: file.Audience,
		Algorithms: []string{file.Algorithm}, OnProblem: func(error) {}}
}

func request(authorization []string) *http.Request {
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header["Authorization"] = authorization
	return request
}

func TestRequests(t *testing.T) {
	file, options := setUp(t)
	for _, test := range file.Cases {
		options.Facts = func(*http.Request, guard.Claims) (map[string]any, error) { return test.Facts, nil }
		options.Revoked = func(_ *http.Request, claims guard.Claims) (bool, error) { return claims["sub"] == "mallory", nil }
		guarded, err := guard.New(options)
		if err != nil {
			t.Fatal(err)
		}
		handler := guarded.Handler(test.Operation, http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
			if ok, err := guard.FromContext(request.Context()).Can(test.Operation); !ok || err != nil {
				t.Error(test.Why, ok, err)
			}
		}), test.Discharges...)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request(test.Authorization))
		is := answer{Status: recorder.Code}
		if recorder.Code != http.StatusOK {
			if err := json.Unmarshal(recorder.Body.Bytes(), &is); err != nil {
				t.Fatal(test.Why, recorder.Body, err)
			}
			if recorder.Header().Get("Content-Type") != "application/problem+json" {
				t.Error(test.Why, recorder.Header())
			}
		}
		challenge := ""
		if test.Is.Challenge != nil {
			challenge = *test.Is.Challenge
		}
		if found := recorder.Header().Get("WWW-Authenticate"); found != challenge {
			t.Errorf("%s: %s instead of %s", test.Why, found, challenge)
		}
		test.Is.Challenge = nil
		if is != test.Is {
			t.Errorf("%s: %v instead of %v", test.Why, is, test.Is)
		}
	}
	if len(file.Cases) < 30 {
		t.Error(len(file.Cases))
	}
}

func TestHooksThatFailRefuse(t *testing.T) {
	file, options := setUp(t)
	down := errors.New("down")
	told := 0
	for code, set := range map[string]func(*guard.Options){
		"facts-unavailable": func(it *guard.Options) {
			it.Facts = func(*http.Request, guard.Claims) (map[string]any, error) { return nil, down }
		},
		"revocation-unavailable": func(it *guard.Options) {
			it.Revoked = func(*http.Request, guard.Claims) (bool, error) { return false, down }
		},
		"keys-unavailable": func(it *guard.Options) { it.Key, it.Keys = nil, func(*jwt.Token) (any, error) { return nil, down } },
	} {
		options := options
		options.OnProblem = func(error) { told++ }
		set(&options)
		guarded, err := guard.New(options)
		if err != nil {
			t.Fatal(err)
		}
		_, err = guarded.Require(request(file.Cases[0].Authorization), "orders.list")
		var refused *guard.Problem
		if !errors.As(err, &refused) || refused.Code != code || refused.Status != 503 || !errors.Is(err, down) {
			t.Error(code, err)
		}
	}
	if told != 3 {
		t.Error(told)
	}
}

func TestOptionsThatAreUnsafeAreRefused(t *testing.T) {
	_, options := setUp(t)
	private, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	other, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	public, secret, _ := ed25519.GenerateKey(rand.Reader)
	short, _ := rsa.GenerateKey(rand.Reader, 1024)
	long, _ := rsa.GenerateKey(rand.Reader, 2048)
	keys := func(*jwt.Token) (any, error) { return nil, nil }
	wrong := []func(*guard.Options){
		func(it *guard.Options) { it.Policies = nil }, func(it *guard.Options) { it.Policies = []*privet.Policy{nil} },
		func(it *guard.Options) { it.Issuer = "" }, func(it *guard.Options) { it.Audience = "" },
		func(it *guard.Options) { it.Keys = keys },
		func(it *guard.Options) { it.Algorithms = nil }, func(it *guard.Options) { it.Algorithms = []string{"none"} },
		func(it *guard.Options) { it.Algorithms = []string{"HS256"} }, func(it *guard.Options) { it.Algorithms = []string{"XX1"} },
		func(it *guard.Options) { it.Algorithms = []string{"ES384"} }, func(it *guard.Options) { it.Algorithms = []string{"ES256", "RS256"} },
		func(it *guard.Options) { it.Key, it.Algorithms = &short.PublicKey, []string{"RS256"} },
	}
	for _, key := range []any{nil, 5, []byte("k"), "junk", private, &other.PublicKey, public, secret, &long.PublicKey, (*ecdsa.PublicKey)(nil)} {
		wrong = append(wrong, func(it *guard.Options) { it.Key = key })
	}
	for index, set := range wrong {
		options := options
		set(&options)
		if guarded, err := guard.New(options); privet.CodeOf(err) != "invalid-options" || guarded != nil {
			t.Error(index, err)
		}
	}
	for _, set := range []func(*guard.Options){
		func(it *guard.Options) { it.Key, it.Algorithms = public, []string{"EdDSA"} },
		func(it *guard.Options) { it.Key, it.Algorithms = &long.PublicKey, []string{"RS256", "PS512"} },
		func(it *guard.Options) { it.Key, it.Algorithms = &other.PublicKey, []string{"ES384"} },
		func(it *guard.Options) { it.Key, it.Keys = nil, keys },
	} {
		options := options
		set(&options)
		if _, err := guard.New(options); err != nil {
			t.Error(err)
		}
	}
}

func TestAnOperationThatNoPolicyHasIsAnErrorOfTheCode(t *testing.T) {
	file, options := setUp(t)
	guarded, _ := guard.New(options)
	_, err := guarded.Require(request(file.Cases[0].Authorization), "orders.lits")
	if privet.CodeOf(err) != "unknown-id" || !strings.Contains(err.Error(), "did you mean `orders.list`?") {
		t.Error(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a route of an unknown operation")
		}
	}()
	guarded.Handler("orders.lits", http.NotFoundHandler())
}
