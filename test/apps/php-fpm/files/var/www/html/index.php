<?php
header("Content-Type: text/plain");
echo "Hello from ", PHP_SAPI, "\n", (new DateTime("@0"))->setTimezone(new DateTimeZone("America/Sao_Paulo"))->format("c"), "\n";
