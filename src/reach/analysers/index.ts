import type { Analyser } from '../world.ts';
import { apache } from './apache.ts';
import { configuration } from './configuration.ts';
import { dotnet } from './dotnet.ts';
import { dotnetHost } from './dotnet-host.ts';
import { elf } from './elf.ts';
import { java } from './java.ts';
import { nginx } from './nginx.ts';
import { node, nodePackage } from './node.ts';
import { perl } from './perl.ts';
import { php } from './php.ts';
import { phpIni } from './php-ini.ts';
import { python, pythonPackage } from './python.ts';
import { ruby, rubyData, rubyPackage, rubyPart, rubyParts } from './ruby.ts';
import { shebang } from './shebang.ts';

/** Every analyser; each is asked about each reached file. */
export const analysers: readonly Analyser[] = [
  elf,
  shebang,
  node,
  nodePackage,
  python,
  pythonPackage,
  ruby,
  rubyPackage,
  rubyPart,
  rubyParts,
  rubyData,
  php,
  phpIni,
  perl,
  java,
  dotnet,
  dotnetHost,
  nginx,
  apache,
  configuration,
];
