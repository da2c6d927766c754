const path = require('node:path');
const express = require('express');
const compression = require('compression');

const app = express();
app.set('view engine', 'ejs');
app.set('views', path.join(__dirname, 'views'));
app.use(compression());
app.use(express.json());
app.use(express.static(path.join(__dirname, 'public')));
app.get('/', (_request, response) => response.send('Hello from Express'));
app.get('/page/:name', (request, response) => response.render('page', { name: request.params.name }));
app.post('/echo', (request, response) => response.json({ received: request.body }));
app.listen(3000);
