const { createServer } = require('node:http');
const sharp = require('sharp');
const { WebSocketServer } = require('ws');

const server = createServer(async (request, response) => {
  if (request.url === '/native') return response.end(JSON.stringify(Object.keys(require('bufferutil')).sort()));
  const background = { r: 200, g: 80, b: 20 };
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background } }).resize(8).png().toBuffer();
  response.end(png.toString('base64'));
});
new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('message', (data) => socket.send(`${data}`.toUpperCase()));
});
server.listen(Number(process.env.PORT));
