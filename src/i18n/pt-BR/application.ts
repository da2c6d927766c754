import type { ApplicationFault } from '../../core/application-fault.ts';
import type { Sentence } from '../catalogue.ts';

/** Por que uma aplicação não pode ser posta numa imagem, ou não rodaria nela. */
export function applicationText(fault: ApplicationFault): Sentence {
  const { path } = fault;
  switch (fault.kind) {
    case 'other':
      return { message: `${path} não é o que deveria ser: esperava-se ${fault.expected}.` };
    case 'not-installed': {
      const missing = fault.missing.length === 0 ? '' : `: ${fault.missing.join(', ')}`;
      return { message: `Falta a ${path} aquilo de que depende${missing}.`, hint: `Obtenha antes: ${fault.command}` };
    }
    case 'no-main':
      return {
        message: `Nada diz com o que ${path} começa; procurou-se ${fault.tried.join(', ')}.`,
        hint: 'Diga na receita, como em "node: { path: ., main: start.js }", ou dê "cmd".',
      };
    case 'runtime':
      return {
        message: `${path} foi feito para ${fault.needed}, e a imagem tem ${fault.available ?? 'nada disso'}.`,
        hint: elsewhere(fault.release) ?? `Faça de novo com ${fault.available ?? 'o que a imagem tem'}.`,
      };
    case 'machine':
      return {
        message: `${path} é para outro processador (máquina ELF ${fault.machine}).`,
        hint: 'Compile para a arquitetura da imagem, ou escolha-a com --arch.',
      };
    case 'interpreter':
      return {
        message: `${path} precisa de ${fault.interpreter}, que a imagem não tem.`,
        hint: fault.interpreter.includes('musl')
          ? 'Foi ligado com musl: ligue estaticamente, ou compile no Debian.'
          : 'Acrescente o pacote que o tem.',
      };
    case 'library':
      return {
        message: `${path} precisa de ${fault.name}, que a imagem não tem.`,
        hint: 'Acrescente em "packages" o pacote que a tem, ou copie a biblioteca para junto do programa.',
      };
    case 'version': {
      const what = fault.symbol === undefined ? fault.version : `${fault.symbol} na versão ${fault.version}`;
      const has = fault.available === undefined ? 'não tem essa versão' : `vai até ${fault.available}`;
      return {
        message: `${path} precisa de ${what}, e ${fault.library} da imagem ${has}.`,
        hint: elsewhere(fault.release) ?? 'Nenhuma versão que o Cinzel conhece a tem: compile num sistema mais antigo.',
      };
    }
  }
}

function elsewhere(release: string | undefined): string | undefined {
  return (
    release && `${suites[release] ?? release} tem: use "distribution: ${release}", ou compile num sistema mais antigo.`
  );
}

const suites: Readonly<Record<string, string>> = { debian12: 'Debian 12 (bookworm)', debian13: 'Debian 13 (trixie)' };
