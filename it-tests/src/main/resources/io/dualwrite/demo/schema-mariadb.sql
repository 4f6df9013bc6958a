CREATE SEQUENCE invoice_no_seq START WITH 1000;

CREATE TABLE author (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  updated_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE title (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  isbn VARCHAR(20) NOT NULL UNIQUE,
  name VARCHAR(200) NOT NULL,
  genre VARCHAR(20) NOT NULL,
  published DATE,
  price DECIMAL(10, 2) NOT NULL,
  stock INT NOT NULL,
  sold INT DEFAULT 0 NOT NULL,
  version INT DEFAULT 0 NOT NULL,
  updated_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL
) DEFAULT CHARSET = utf8mb4;
CREATE INDEX title_genre ON title (genre);

-- No last-modified column, and a key of two columns.
CREATE TABLE title_author (
  title_id BIGINT NOT NULL,
  author_id BIGINT NOT NULL,
  place INT NOT NULL,
  PRIMARY KEY (title_id, author_id),
  FOREIGN KEY (title_id) REFERENCES title (id),
  FOREIGN KEY (author_id) REFERENCES author (id)
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE cover (
  title_id BIGINT PRIMARY KEY,
  image LONGBLOB NOT NULL,
  version INT DEFAULT 0 NOT NULL,
  updated_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  FOREIGN KEY (title_id) REFERENCES title (id)
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE customer (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(100) NOT NULL UNIQUE,
  name VARCHAR(100) NOT NULL,
  balance DECIMAL(12, 2) NOT NULL,
  version INT DEFAULT 0 NOT NULL,
  updated_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL
) DEFAULT CHARSET = utf8mb4;

-- No last-modified column either.
CREATE TABLE cart_item (
  customer_id BIGINT NOT NULL,
  title_id BIGINT NOT NULL,
  quantity INT NOT NULL,
  PRIMARY KEY (customer_id, title_id),
  FOREIGN KEY (customer_id) REFERENCES customer (id),
  FOREIGN KEY (title_id) REFERENCES title (id)
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE orders (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  customer_id BIGINT NOT NULL,
  state VARCHAR(10) DEFAULT 'OPEN' NOT NULL,
  paid BOOLEAN DEFAULT FALSE NOT NULL,
  total DECIMAL(12, 2) NOT NULL,
  placed_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  updated_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  FOREIGN KEY (customer_id) REFERENCES customer (id)
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE order_line (
  order_id BIGINT NOT NULL,
  line_no INT NOT NULL,
  title_id BIGINT NOT NULL,
  quantity INT NOT NULL,
  price DECIMAL(10, 2) NOT NULL,
  updated_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  PRIMARY KEY (order_id, line_no),
  FOREIGN KEY (order_id) REFERENCES orders (id),
  FOREIGN KEY (title_id) REFERENCES title (id)
) DEFAULT CHARSET = utf8mb4;

-- The key comes from a sequence through a default that the application never states.
CREATE TABLE invoice (
  invoice_no BIGINT DEFAULT NEXTVAL(invoice_no_seq) PRIMARY KEY,
  order_id BIGINT NOT NULL UNIQUE,
  amount DECIMAL(12, 2) NOT NULL,
  issued_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  updated_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  FOREIGN KEY (order_id) REFERENCES orders (id)
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE review (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  title_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  stars INT NOT NULL,
  body LONGTEXT,
  version INT DEFAULT 0 NOT NULL,
  created_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  updated_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  FOREIGN KEY (title_id) REFERENCES title (id),
  FOREIGN KEY (customer_id) REFERENCES customer (id)
) DEFAULT CHARSET = utf8mb4;
CREATE INDEX review_customer ON review (customer_id);

CREATE TABLE visit_counter (
  name VARCHAR(30) PRIMARY KEY,
  visits BIGINT DEFAULT 0 NOT NULL,
  updated_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL
) DEFAULT CHARSET = utf8mb4;

-- Data B: what the batch derives.
CREATE TABLE sales_daily (
  sold_on DATE NOT NULL,
  title_id BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  amount DECIMAL(14, 2) NOT NULL,
  PRIMARY KEY (sold_on, title_id)
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE royalty_author (
  author_id BIGINT PRIMARY KEY,
  titles BIGINT NOT NULL,
  amount DECIMAL(14, 2) NOT NULL
) DEFAULT CHARSET = utf8mb4;
