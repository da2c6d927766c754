<?php

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    require __DIR__ . '/../src/' . str_replace('\\', '/', $class) . '.php';
});

header('Content-Type: application/json');
echo json_encode(match (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    '/notes' => (new Notes(sys_get_temp_dir() . '/notes.sqlite'))->add($_GET['text']),
    '/upper' => ['text' => mb_strtoupper($_GET['text'])],
    default => ['hello' => 'PHP'],
}, JSON_UNESCAPED_UNICODE);
