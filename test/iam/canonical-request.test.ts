/** The canonical request: each step by a table. */
import { describe, expect, test } from 'vitest';
import {
  canonicalParts,
  canonicalQuery,
  canonicalUri,
  type SignedRequest,
  wireText,
} from '../../src/iam/canonical-request.ts';

function request(change: Partial<SignedRequest>): SignedRequest {
  return { method: 'GET', target: '/', headers: {}, body: new Uint8Array(), ...change };
}

describe('the canonical path', () => {
  test.each([
    ['', '/'],
    ['/', '/'],
    ['/a', '/a/'],
    ['/a/', '/a/'],
    ['//v2/a', '//v2/a/'],
    ['/a/../b/./c', '/a/../b/./c/'],
    ['/-_.~Az09', '/-_.~Az09/'],
    ['/urn:fss:x', '/urn%3Afss%3Ax/'],
    ['/urn%3afss%3Ax', '/urn%3Afss%3Ax/'],
    ['/a%2Fb', '/a%2Fb/'],
    ['/%41%7e', '/A~/'],
    ['/a%20b+c', '/a%20b%2Bc/'],
    ['/%252F', '/%252F/'],
    ['/100%', '/100%25/'],
    ['/%zz', '/%25zz/'],
    ['/%ff', '/%FF/'],
    [wireText('/中'), '/%E4%B8%AD/'],
    ['/%E4%b8%ad', '/%E4%B8%AD/'],
  ])('%j is %j', (path, uri) => {
    expect(canonicalUri(path)).toBe(uri);
  });
});

describe('the canonical query', () => {
  test.each([
    ['', ''],
    ['limit=1', 'limit=1'],
    ['b=2&a=1', 'a=1&b=2'],
    ['a=1&B=2', 'B=2&a=1'],
    ['a=2&a=10&a=1', 'a=1&a=10&a=2'],
    ['flag', 'flag='],
    ['flag=', 'flag='],
    ['a=b=c', 'a=b%3Dc'],
    ['a=x%20y', 'a=x%20y'],
    ['a=x+y', 'a=x%20y'],
    ['a=x%2By', 'a=x%2By'],
    ['&&a=1&', 'a=1'],
    ['a[]=1&a0=2', 'a0=2&a%5B%5D=1'],
    ['%61=1', 'a=1'],
    ['a=%zz', 'a=%25zz'],
    ['a=%09', 'a=%09'],
    ['=v', '=v'],
    ['b=1&a=2&a=2&b=0', 'a=2&a=2&b=0&b=1'],
  ])('%j is %j', (query, canonical) => {
    expect(canonicalQuery(query)).toBe(canonical);
  });

  test('agrees with the query of the Go SDK tests', () => {
    const text = encodeURIComponent('一 (&=?!#%.*)');
    const query = `limit=1&enable=true&test=${text}&path=%2Ftmp%2F123&multi=1&multi=2&multi=3`;
    expect(canonicalQuery(query)).toBe(
      'enable=true&limit=1&multi=1&multi=2&multi=3&path=%2Ftmp%2F123&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29',
    );
  });
});

describe('the other parts', () => {
  test.each([
    ['trimmed', { 'x-a': '  v 1\t' }, 'x-a', 'x-a:v 1\n'],
    ['in the order sent', { b: '2', a: '1' }, 'b;a', 'b:2\na:1\n'],
    ['empty when absent', {}, 'x-a', 'x-a:\n'],
    ['empty when blank', { 'x-a': ' \t ' }, 'x-a', 'x-a:\n'],
    ['not trimmed inside', { 'x-a': ' a \t b ' }, 'x-a', 'x-a:a \t b\n'],
    ['joined when repeated', { 'x-a': ['1', ' 2 '] }, 'x-a', 'x-a:1, 2\n'],
    ['not taken from the prototype', {}, 'constructor;__proto__', 'constructor:\n__proto__:\n'],
  ])('headers are %s', (_, headers, names, block) => {
    expect(canonicalParts(request({ headers }), names).headers).toBe(block);
  });

  test('the method is in upper case, and an absolute target loses its host', () => {
    const parts = canonicalParts(request({ method: 'get', target: 'http://h:1/a?b' }), 'host');
    expect(parts).toMatchObject({ method: 'GET', uri: '/a/', query: 'b=' });
  });

  test.each([
    ['?a=1', '/', 'a=1'],
    ['/?a=1', '/', 'a=1'],
    ['/a?b=/c?d=1', '/a/', 'b=%2Fc%3Fd%3D1'],
    ['/a/http://h/b', '/a/http%3A//h/b/', ''],
    ['HTTPS://h:1?q=1', '/', 'q=1'],
  ])('the target %s is cut at its first question mark', (target, uri, query) => {
    expect(canonicalParts(request({ target }), 'host')).toMatchObject({ uri, query });
  });

  test.each([
    ['no body', '', {}, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['a body on a GET', '{}', {}, '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'],
    ['a declared hash', 'x', { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' }, 'UNSIGNED-PAYLOAD'],
  ])('the payload hash of %s', (_, body, headers, payloadHash) => {
    expect(canonicalParts(request({ body: Buffer.from(body), headers }), 'host').payloadHash).toBe(
      payloadHash,
    );
  });
});
