/** What a server answered, before anything is left out. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpQuestion {
  readonly method: string;
  readonly path: string;
  readonly port: number;
  readonly tls: boolean;
  readonly version: '1.1' | '2';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A larger answer is cut. */
const bodyLimit = 32 * 1024 ** 2;

/** The body, up to the limit. */
export async function readBody(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(part);
    size += part.length;
    if (size > bodyLimit) break;
  }
  return Buffer.concat(parts).subarray(0, bodyLimit);
}
