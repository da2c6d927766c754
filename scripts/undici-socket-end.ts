/**
 * A plugin of the bundler that puts a fix of undici 8 into undici 7, the last one that runs on Node 20.
 *
 * When a server closes the connection while the body is not being read as fast as it came, undici 7 throws an assertion
 * from a socket's event handler, which nothing can catch (nodejs/undici#5360). Every HTTP/1.0 server does that. The fix
 * (nodejs/undici#5474) lets the parser go on with what has arrived before it is told of the end.
 */
export function undiciSocketEnd(): UndiciPlugin {
  return {
    name: 'undici-socket-end',
    transform: {
      filter: { id: /\/undici\/lib\/dispatcher\/client-h1\.js$/ },
      handler(code: string): string {
        const parts = code.split(finish);
        if (parts.length !== 2)
          throw new Error(`${import.meta.url}: undici has changed; look whether it has the fix now`);
        return parts.join(fixedFinish);
      },
    },
  };
}

interface UndiciPlugin {
  readonly name: string;
  readonly transform: { readonly filter: { readonly id: RegExp }; readonly handler: (code: string) => string };
}

const finish = `  finish () {
    assert(currentParser === null)
    assert(this.ptr != null)
    assert(!this.paused)
`;

const fixedFinish = `  finish () {
    assert(currentParser === null)
    assert(this.ptr != null)

    for (let waiting = true; this.paused && waiting;) {
      this.llhttp.llhttp_resume(this.ptr)
      this.paused = false
      const data = this.socket.read() || EMPTY_BUF
      waiting = data.length > 0
      this.execute(data)
    }
    if (this.paused) {
      this.llhttp.llhttp_resume(this.ptr)
      this.paused = false
    }
`;
