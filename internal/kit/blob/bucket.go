package blob

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"xinhuo/internal/kit/errs"
)

const (
	scheme  = "s3://"
	spooled = "xinhuo-put-*" // uploads under way, in the system's folder of temporary files
)

// IsFolder tells whether Open takes an address for a folder of the file system.
func IsFolder(address string) bool { return !strings.Contains(address, "://") }

// Shown is an address as people and logs may see it: without the key.
func Shown(address string) string {
	if IsFolder(address) {
		return address
	}
	u, err := url.Parse(address)
	if err != nil { // where the key ends is not known
		return scheme + "…"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// Open opens the store at an address. A path is a Folder, made if it is not there. A Bucket is
//
//	s3://KEY:SECRET@host:port/bucket/prefix?region=…&insecure=1&style=host
//
// Without KEY:SECRET@ they come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN). insecure=1 speaks
// http, style=host puts the bucket's name before the host's. The bucket has to be there. Errors: blob.address, blob.no_key,
// blob.no_bucket, blob.refused, blob.away.
func Open(ctx context.Context, address string) (Store, error) {
	if IsFolder(address) {
		return NewFolder(address)
	}
	b, err := newBucket(address)
	if err != nil {
		return nil, err
	}
	// A wrong key or a misspelt name is told now, not at the first upload.
	if _, _, err := b.find(ctx, b.prefix); err != nil {
		return nil, fmt.Errorf("blob.Open: %w", err)
	}
	return b, nil
}

// Bucket is a Store in a bucket that speaks the protocol of S3. Its objects are named as the files of a Folder are, so that
// one can be copied into the other. A Delete of one program does not know of a Put in another that is under way.
type Bucket struct {
	s3     minio.Core
	bucket string
	prefix string // empty, or ends with a slash
	shown  string
	locks  [256]sync.RWMutex // by the first byte of the hash: a file is not put anew while it is removed
}

var _ Store = (*Bucket)(nil)

func newBucket(address string) (*Bucket, error) {
	bad := func() error { return errs.New(errs.Invalid, "blob.address") } // no cause: it would quote the address, and the key with it
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, scheme) || u.Host == "" || u.Fragment != "" {
		return nil, bad()
	}
	o := &minio.Options{Secure: true, Region: "us-east-1", MaxRetries: 3}
	asked, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, bad()
	}
	for name, v := range asked {
		switch {
		case name == "region" && v[0] != "":
			o.Region = v[0]
		case name == "insecure" && v[0] == "1":
			o.Secure = false
		case name == "style" && v[0] == "host":
			o.BucketLookup = minio.BucketLookupDNS
		default:
			return nil, bad()
		}
	}
	key, secret, token := os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")
	if u.User != nil {
		key, token = u.User.Username(), ""
		secret, _ = u.User.Password()
	}
	if key == "" || secret == "" {
		return nil, errs.New(errs.Invalid, "blob.no_key", "Store", Shown(address))
	}
	o.Creds = credentials.NewStaticV4(key, secret, token)
	b := &Bucket{shown: Shown(address)}
	b.bucket, b.prefix, _ = strings.Cut(strings.Trim(u.Path, "/"), "/")
	if b.prefix = strings.Trim(b.prefix, "/"); b.prefix != "" {
		b.prefix += "/"
	}
	s3, err := minio.NewCore(u.Host, o)
	if err != nil || s3utils.CheckValidBucketNameStrict(b.bucket) != nil {
		return nil, bad()
	}
	b.s3 = *s3
	return b, nil
}

// key is the name of a file in the bucket.
func (b *Bucket) key(hash string) (string, error) {
	if !isHash(hash) {
		return "", errs.New(errs.NotFound, "blob.missing")
	}
	return b.prefix + hash[:2] + "/" + hash[2:], nil
}

// hash is the file of which that is the name; false when the object is not ours.
func (b *Bucket) hash(key string) (string, bool) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(key, b.prefix), "/")
	return first + rest, len(first) == 2 && isHash(first+rest)
}

func (b *Bucket) lock(hash string) *sync.RWMutex {
	first, _ := hex.DecodeString(hash[:2])
	return &b.locks[first[0]]
}

// told says in plain words what the store answered, and keeps the answer for the log. No answer quotes the key.
func (b *Bucket) told(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	is := minio.ToErrorResponse(err)
	switch {
	case is.Code == minio.NoSuchKey:
		return errs.Wrap(err, errs.NotFound, "blob.missing")
	case is.Code == minio.NoSuchBucket:
		return errs.Wrap(err, errs.Internal, "blob.no_bucket", "Store", b.shown, "Bucket", b.bucket)
	case is.StatusCode == http.StatusForbidden || is.StatusCode == http.StatusUnauthorized:
		return errs.Wrap(err, errs.Internal, "blob.refused", "Store", b.shown)
	default:
		return errs.Wrap(err, errs.Internal, "blob.away", "Store", b.shown)
	}
}

// Put reads r into a temporary file first. The request names the hash of what it brings, and the store keeps nothing else:
// an object stands for a whole file at all times. One that is here already is put again, which makes its instant new, as the
// Store demands, and heals a damaged one. One request carries the file, so stores take up to 5 GB.
func (b *Bucket) Put(ctx context.Context, r io.Reader) (hash string, size int64, err error) {
	defer errs.Wrapf(&err, "blob.Put")
	tmp, err := os.CreateTemp("", spooled)
	if err != nil {
		return "", 0, err
	}
	defer func() {
		tmp.Close() // sending it closed it
		os.Remove(tmp.Name())
	}()
	sum := sha256.New()
	if size, err = io.Copy(io.MultiWriter(tmp, sum), &reader{ctx, r}); err != nil {
		return "", 0, err
	}
	if _, err = tmp.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	key, err := b.key(hash)
	if err != nil {
		return "", 0, err
	}
	lock := b.lock(hash)
	lock.RLock()
	defer lock.RUnlock()
	_, err = b.s3.PutObject(ctx, b.bucket, key, tmp, size, "", hash, minio.PutObjectOptions{
		DisableContentSha256: true, // of chunks: the whole has its own
		UserMetadata:         map[string]string{"X-Amz-Checksum-Sha256": base64.StdEncoding.EncodeToString(sum.Sum(nil))},
	})
	if err != nil {
		return "", 0, b.told(ctx, err)
	}
	return hash, size, nil
}

// Get opens a file. What is read comes as it is read; a seek asks for the rest from there.
func (b *Bucket) Get(ctx context.Context, hash string) (io.ReadSeekCloser, error) {
	key, err := b.key(hash)
	if err != nil {
		return nil, err
	}
	body, info, _, err := b.s3.GetObject(ctx, b.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		if err = b.told(ctx, err); errs.Is(err, errs.NotFound) {
			return nil, err
		}
		return nil, fmt.Errorf("blob.Get: %w", err)
	}
	if info.Size < 0 {
		body.Close()
		return nil, fmt.Errorf("blob.Get: %w", b.told(ctx, errors.New("no length of the object")))
	}
	return &object{ctx: ctx, b: b, key: key, size: info.Size, body: body}, nil
}

// Has tells whether the file is here. It asks for the list: asked for an object alone, a store whose bucket is gone says the same
// as one that lacks the object.
func (b *Bucket) Has(ctx context.Context, hash string) (bool, error) {
	key, err := b.key(hash)
	if err != nil {
		return false, nil
	}
	_, has, err := b.find(ctx, key)
	if err != nil {
		return false, fmt.Errorf("blob.Has: %w", err)
	}
	return has, nil
}

// find is the instant at which the object was put, as Each names it: the answer to a question for one object has it in whole
// seconds, the list of some stores in parts of them.
func (b *Bucket) find(ctx context.Context, key string) (put int64, has bool, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for o := range b.s3.ListObjectsIter(ctx, b.bucket, minio.ListObjectsOptions{Prefix: key, Recursive: true, MaxKeys: 1}) {
		if o.Err != nil {
			return 0, false, b.told(ctx, o.Err)
		}
		return o.LastModified.UnixNano(), o.Key == key, nil
	}
	return 0, false, ctx.Err()
}

// Delete removes a file as Each named it.
func (b *Bucket) Delete(ctx context.Context, hash string, put int64) (gone bool, err error) {
	key, err := b.key(hash)
	if err != nil {
		return true, nil
	}
	defer errs.Wrapf(&err, "blob.Delete")
	lock := b.lock(hash)
	lock.Lock()
	defer lock.Unlock()
	at, has, err := b.find(ctx, key)
	if err != nil {
		return false, err
	}
	if !has {
		return true, nil
	}
	if at != put {
		return false, nil
	}
	if err := b.s3.RemoveObject(ctx, b.bucket, key, minio.RemoveObjectOptions{}); err != nil {
		return false, b.told(ctx, err)
	}
	return true, nil
}

// Each names every file in the bucket under the prefix, in the order in which the store lists them.
func (b *Bucket) Each(ctx context.Context, do func(hash string, put int64) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for o := range b.s3.ListObjectsIter(ctx, b.bucket, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("blob.Each: %w", b.told(ctx, o.Err))
		}
		if hash, ours := b.hash(o.Key); ours {
			if err := do(hash, o.LastModified.UnixNano()); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// Tidy removes the temporary files of uploads. In the bucket nothing is ever half there.
func (b *Bucket) Tidy(before time.Time) (err error) {
	list, err := filepath.Glob(filepath.Join(os.TempDir(), spooled))
	for _, path := range list {
		if at, gone := os.Stat(path); gone == nil && at.ModTime().Before(before) {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return err
}

// object is a file of a Bucket that is being read.
type object struct {
	ctx  context.Context
	b    *Bucket
	key  string
	size int64
	off  int64
	body io.ReadCloser // stands at at; nil when the next Read has to ask for it
	at   int64
}

func (o *object) Read(p []byte) (int, error) {
	if o.off >= o.size {
		return 0, io.EOF
	}
	if o.body != nil && o.at != o.off {
		o.body.Close()
		o.body = nil
	}
	if o.body == nil {
		if err := o.open(); err != nil {
			return 0, err
		}
	}
	n, err := o.body.Read(p[:min(int64(len(p)), o.size-o.off)])
	o.off += int64(n)
	o.at = o.off
	if err == io.EOF && o.off < o.size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("blob.Read: %w", o.b.told(o.ctx, err))
	}
	return n, err
}

// open asks for the rest of the file.
func (o *object) open() error {
	var opts minio.GetObjectOptions
	if o.off > 0 {
		if err := opts.SetRange(o.off, 0); err != nil {
			return err
		}
	}
	body, _, head, err := o.b.s3.GetObject(o.ctx, o.b.bucket, o.key, opts)
	if err == nil && o.off > 0 && !strings.HasPrefix(head.Get("Content-Range"), fmt.Sprintf("bytes %d-", o.off)) {
		body.Close()
		err = errors.New("other bytes than were asked for")
	}
	if err != nil {
		return fmt.Errorf("blob.Read: %w", o.b.told(o.ctx, err))
	}
	o.body, o.at = body, o.off
	return nil
}

func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.off
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, errors.New("blob.Seek: before the start")
	}
	o.off = offset
	return offset, nil
}

func (o *object) Close() error {
	if o.body == nil {
		return nil
	}
	return o.body.Close()
}
