import type { ContractDocument, ProbeDocument } from './schema.ts';

/** A contract as it is written; the answers' file holds it in this form too. */
export type Contract = ContractDocument;
export type Probe = ProbeDocument;

/** Probes that are played as they are; crawls and OpenAPI documents are turned into such. */
export type ConcreteProbe = Exclude<Probe, { readonly crawl: string } | { readonly openapi: string }>;
export type HttpProbe = Extract<Probe, { readonly http: string }>;
export type CrawlProbe = Extract<Probe, { readonly crawl: string }>;
export type OpenApiProbe = Extract<Probe, { readonly openapi: string }>;
export type WebSocketProbe = Extract<Probe, { readonly websocket: string }>;
export type TcpProbe = Extract<Probe, { readonly tcp: number }>;
export type ExecProbe = Extract<Probe, { readonly exec: readonly string[] }>;
export type RunProbe = Extract<Probe, { readonly run: readonly string[] }>;
export type LogsProbe = Extract<Probe, { readonly logs: readonly string[] }>;
export type FilesProbe = Extract<Probe, { readonly files: readonly string[] }>;
export type UpProbe = Extract<Probe, { readonly up: string | number }>;

/** What an image answered to a probe: texts by what they are, as `status` or `header content-type`. */
export type Fields = Readonly<Record<string, string>>;

export interface Answer {
  readonly name: string;
  readonly probe: ConcreteProbe;
  readonly fields: Fields;
}

/** The field that an answer has when there was none, with the reason. */
export const failureField = 'failure';

/** What a contract's probes were answered on one image. */
export interface Recording {
  readonly schemaVersion: 1;
  readonly image: { readonly name: string; readonly digest?: string };
  readonly contract: Contract;
  /** Nobody wrote the contract: it was made from what the image was seen to do. */
  readonly derived: boolean;
  readonly answers: readonly Answer[];
}

/** A field in which an answer is not the recorded one. */
export interface Difference {
  readonly probe: string;
  readonly field: string;
  readonly expected?: string;
  readonly actual?: string;
}
