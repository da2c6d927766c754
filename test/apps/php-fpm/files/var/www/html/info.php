<?php
echo json_encode(["get" => $_GET, "xml" => (new SimpleXMLElement("<a><b>1</b></a>"))->b->__toString()]);
