<?php

declare(strict_types=1);

final class Notes
{
    private PDO $database;

    public function __construct(string $file)
    {
        $this->database = new PDO("sqlite:$file");
        $this->database->exec('CREATE TABLE IF NOT EXISTS note (text TEXT)');
    }

    /** @return list<array{text: string}> */
    public function add(string $text): array
    {
        $this->database->prepare('INSERT INTO note VALUES (?)')->execute([$text]);

        return $this->database->query('SELECT text FROM note')->fetchAll(PDO::FETCH_ASSOC);
    }
}
