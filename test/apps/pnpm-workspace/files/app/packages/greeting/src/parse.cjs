const dayjs = require('dayjs');
const utc = require('dayjs/plugin/utc');

require('dayjs/locale/pt-br');
dayjs.extend(utc);
exports.parse = (text) => dayjs(text).utc().locale('pt-br').format('dddd, D MMMM YYYY HH:mm');
